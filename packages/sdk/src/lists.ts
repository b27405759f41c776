import type { CallPromise } from './responses.ts';
import { assertCount } from './settings.ts';

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; `null` on the last page. */
  nextCursor: string | null;
}

/**
 * A list on the server, which asks for nothing until it is used. Iterating over it gives the items of this and all later
 * pages; from a page's second item on, the next page is already on its way. Awaiting it gives one page, as `page` does.
 */
export interface List<Item> extends PromiseLike<Page<Item>>, AsyncIterable<Item> {
  /** Asks for one page; `nextCursor` is the `cursor` of the next. */
  page(): CallPromise<Page<Item>>;
  /** The items of this and all later pages in one array, but no more than `max`. */
  all(options: { max: number }): Promise<Item[]>;
}

/** Asks for the page at the cursor, or for the first. The signal gives the page up. */
export type LoadPage<Item> = (cursor: string | undefined, signal?: AbortSignal) => CallPromise<Page<Item>>;

export function listOf<Item>(load: LoadPage<Item>): List<Item> {
  let firstPage: Promise<Page<Item>> | undefined;
  return {
    page: () => load(undefined),
    async all({ max }) {
      assertCount('max', max);
      const items: Item[] = [];
      let cursor: string | undefined;
      while (items.length < max) {
        const page: Page<Item> = await load(cursor);
        items.push(...page.items);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      return items.slice(0, max);
    },
    // biome-ignore lint/suspicious/noThenProperty: A list is made to be awaited.
    then(onFulfilled, onRejected) {
      firstPage ??= load(undefined);
      return firstPage.then(onFulfilled, onRejected);
    },
    // Each iteration asks anew, because the list may have changed since the last one.
    [Symbol.asyncIterator]: () => itemsOf(load),
  };
}

async function* itemsOf<Item>(load: LoadPage<Item>): AsyncGenerator<Item, void> {
  const leaving = new AbortController();
  try {
    let page = await load(undefined, leaving.signal);
    while (true) {
      const { items, nextCursor } = page;
      const isLast = nextCursor === null;
      let next: Promise<Page<Item>> | undefined;
      for (const [index, item] of items.entries()) {
        // Who takes only the first item needs no other page; who comes back for a second one will likely read on.
        if (index === 1 && !isLast) {
          next = load(nextCursor, leaving.signal);
          // Whoever leaves the loop never looks at the page that was under way.
          next.catch(() => {});
        }
        yield item;
      }
      if (isLast) return;
      page = await (next ?? load(nextCursor, leaving.signal));
    }
  } finally {
    leaving.abort();
  }
}
