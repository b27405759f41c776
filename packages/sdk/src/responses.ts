/** An answer with what came along with it. */
export interface CallResponse<Data> {
  readonly data: Data;
  /** Finds the call in the server's log; none if something on the way keeps the header from the client. */
  readonly requestId: string | undefined;
  /** The key that a mutation was sent with. */
  readonly idempotencyKey: string | undefined;
  /** The HTTP status that the call had, or in a batch would have had alone. */
  readonly status: number;
  /** How often the call was sent: 1 unless it was retried. */
  readonly attempts: number;
  /** How long the call took, retries and the waits between them included. */
  readonly durationMs: number;
}

/** What a call gives: awaiting it gives the answer, `withResponse` also what came along with it. */
export interface CallPromise<Data> extends Promise<Data> {
  /** The answer with its request id: `const { data, requestId } = await shop.orders.place().withResponse()`. */
  withResponse(): Promise<CallResponse<Data>>;
}

export function callPromise<Data>(response: Promise<CallResponse<Data>>): CallPromise<Data> {
  const answer = response.then(({ data }) => data);
  return Object.assign(answer, {
    withResponse() {
      // The caller hears of a failure from the response; without this, the answer's own rejection would count as forgotten.
      answer.catch(() => {});
      return response;
    },
  });
}
