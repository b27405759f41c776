import { connect, type Socket } from 'node:net';
import type { HttpAnswer } from '../calls/answers.ts';
import type { HttpRequest } from '../calls/operation.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
/** Where the status stands in `HTTP/1.1 200 OK`. */
const STATUS = { from: 9, to: 12 };
const READ_BYTES = 64 * 1024;

/**
 * One kept-alive connection to a server, with one request on it at a time. It speaks just the HTTP/1.1 that the servers
 * of the bench answer with: a client for everything takes twice as much of the processors that they run on, too.
 */
export class Connection {
  readonly #url: URL;
  #socket: Socket | undefined;
  #waiting: PromiseWithResolvers<HttpAnswer> | undefined;
  #answer: UnfinishedAnswer | undefined;

  constructor(origin: string) {
    this.#url = new URL(origin);
  }

  get isConnected(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  ask({ method, path, headers, body = '' }: HttpRequest): Promise<HttpAnswer> {
    if (this.#waiting) throw new Error('A connection takes one request at a time.');
    this.#waiting = Promise.withResolvers<HttpAnswer>();
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#url.host}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    if (body) head += `content-length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket ??= this.#connect();
    this.#socket.write(`${head}\r\n${body}`);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const onread = {
      // The next read overwrites it, so whatever is kept of it is copied.
      buffer: sharedBuffer,
      callback: (count: number) => {
        this.#receive(sharedBuffer.subarray(0, count));
        return true;
      },
    };
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true, onread });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => {
      this.#socket = undefined;
      this.#answer = undefined;
      this.#fail(new Error('The server closed the connection before it answered.'));
    });
    return socket;
  }

  #receive(bytes: Buffer): void {
    try {
      if (this.#answer) this.#answer.append(bytes);
      else this.#answer = UnfinishedAnswer.from(bytes);
    } catch (error) {
      this.#fail(error);
      this.#socket?.destroy();
      return;
    }
    if (!this.#answer.isWhole) return;
    const { status, body } = this.#answer;
    const waiting = this.#waiting;
    this.#answer = undefined;
    this.#waiting = undefined;
    waiting?.resolve({ status, body });
  }

  #fail(error: unknown): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

const sharedBuffer = Buffer.allocUnsafe(READ_BYTES);

/** What has come of an answer so far. */
class UnfinishedAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly #length: number;
  #received: number;

  private constructor(status: number, length: number, bytes: Buffer) {
    this.status = status;
    this.body = Buffer.allocUnsafe(length);
    this.#length = length;
    this.#received = bytes.copy(this.body);
  }

  /** Servers send a head in one piece. */
  static from(bytes: Buffer): UnfinishedAnswer {
    const headEnd = bytes.indexOf(HEAD_END);
    const head = bytes.toString('latin1', 0, Math.max(0, headEnd));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error(`This answer does not say how long it is: ${head || bytes.toString()}`);
    const status = Number(head.slice(STATUS.from, STATUS.to));
    return new UnfinishedAnswer(status, Number(length), bytes.subarray(headEnd + HEAD_END.length));
  }

  get isWhole(): boolean {
    return this.#received >= this.#length;
  }

  append(bytes: Buffer): void {
    this.#received += bytes.copy(this.body, this.#received);
  }
}
