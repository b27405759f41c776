import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Host, LastingPort } from '../src/lasting-port.ts';

/** A host that answers everybody with a word. */
function hostThatSays(word: string): Host {
  const server = createServer((_request, response) => response.end(word));
  return (visitor) => server.emit('connection', visitor);
}

async function textAt({ number }: LastingPort): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${number}`, { headers: { connection: 'close' } });
  return answer.text();
}

test('a port leads to the server behind it, and whoever comes while there is none waits for the next one', async () => {
  const port = await LastingPort.open(0);
  port.leadTo(hostThatSays('one'));
  expect(await textAt(port)).toBe('one');

  port.leadNowhere();
  await port.emptied();
  const asked = textAt(port);
  // The next one comes after somebody has been let in.
  const witness = connect({ host: '127.0.0.1', port: port.number });
  await once(witness, 'connect');
  port.leadTo(hostThatSays('two'));

  expect(await asked).toBe('two');
  witness.destroy();
  await port.close();
});

test('a port that is closed sends away who still waits, and is free', async () => {
  const port = await LastingPort.open(0);
  const { number } = port;
  const waiting = connect({ host: '127.0.0.1', port: number });
  await once(waiting, 'connect');
  const sentAway = new Promise((resolve) => waiting.once('close', resolve));
  // Sent away before it was let in, it is told so by an error.
  waiting.on('error', () => undefined).resume();

  await port.close();

  await sentAway;
  const again = await LastingPort.open(number);
  expect(again.number).toBe(number);
  await again.close();
});

test('a port that somebody else has is refused', async () => {
  const port = await LastingPort.open(0);
  await expect(LastingPort.open(port.number)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await port.close();
});
