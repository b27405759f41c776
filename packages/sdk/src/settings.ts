/** Refuses what is no time to wait. A timer would take it for none at all. */
export function assertTimeout(timeoutMs: number): void {
  if (timeoutMs > 0) return;
  throw new RangeError(`timeoutMs must be more than 0, or Infinity; it is ${timeoutMs}.`);
}

/** Refuses what nobody can count to. */
export function assertCount(name: string, count: number, from = 0): void {
  if (count >= from && (Number.isInteger(count) || count === Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`${name} must be a whole number from ${from} on, or Infinity; it is ${count}.`);
}

/** Refuses what is no address of a server. On a page, a path is one of the page's own server. */
export function assertUrl(url: string): void {
  const page: string | undefined = globalThis.location?.origin;
  const { protocol, username, password, search, hash } = URL.canParse(url, page) ? new URL(url, page) : new URL('a:');
  if (/^https?:$/.test(protocol) && !(username + password + search + hash)) return;
  // A password is not for the logs.
  const shown = String(url).replace(/\/\/.*@/, '//…@');
  throw new TypeError(`url must be like http://localhost:3000, with no user, query or fragment; it is "${shown}".`);
}
