/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; `null` on the last page. */
  nextCursor: string | null;
}

/** A list on the server. Awaiting it gives one page; iterating over it gives the items of this and all later pages. */
export interface List<Item> extends PromiseLike<Page<Item>>, AsyncIterable<Item> {}

/** A list that asks for nothing until it is awaited or iterated. `load` asks for the page at the cursor, or for the first. */
export function listOf<Item>(load: (cursor: string | undefined) => Promise<Page<Item>>): List<Item> {
  let firstPage: Promise<Page<Item>> | undefined;
  return {
    // biome-ignore lint/suspicious/noThenProperty: A list is made to be awaited.
    then(onFulfilled, onRejected) {
      firstPage ??= load(undefined);
      return firstPage.then(onFulfilled, onRejected);
    },
    // Each iteration asks anew, because the list may have changed since the last one.
    async *[Symbol.asyncIterator]() {
      let cursor: string | undefined;
      do {
        const page: Page<Item> = await load(cursor);
        yield* page.items;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    },
  };
}
