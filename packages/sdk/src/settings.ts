/** Refuses what is no time to wait. A timer would take it for none at all. */
export function assertTimeout(timeoutMs: number): void {
  if (timeoutMs > 0) return;
  throw new RangeError(`timeoutMs must be more than 0, or Infinity for no deadline; it is ${timeoutMs}.`);
}

/** Refuses what nobody can count to. */
export function assertCount(name: string, count: number, from = 0): void {
  if (count >= from && (Number.isInteger(count) || count === Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`${name} must be a whole number from ${from} on, or Infinity; it is ${count}.`);
}

/** Refuses what is no address of a server. On a page, a path is one of the page's own server. */
export function assertUrl(url: string): void {
  const page: string | undefined = globalThis.location?.origin;
  if (!URL.canParse(url, page) || !/^https?:$/.test(new URL(url, page).protocol)) {
    throw new TypeError(
      `url must be the http or https address of the server, such as http://localhost:3000; it is ${JSON.stringify(url)}.`,
    );
  }
  const { username, password, search, hash } = new URL(url, page);
  if (username || password) {
    throw new TypeError('url must name no user and no password; what the server should know goes into token.');
  }
  if (search || hash)
    throw new TypeError(`url must have neither a query nor a fragment; it is ${JSON.stringify(url)}.`);
}
