import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { EVENT_TYPES, jsonSchemaOf } from '../src/events/catalogue.ts';
import { EndpointClient } from '../src/events/endpoint-client.ts';
import { backoffMs, inOrderOfPublication } from '../src/events/rules.ts';

const SCHEMAS = new URL('../../../docs/events/', import.meta.url);

const PRIVATE_HOSTS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[::7f00:1]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  'localhost',
  'LOCALHOST.',
  'shop.localhost',
];

test.each(PRIVATE_HOSTS)(
  'an endpoint at %s is refused, when it is registered and when something is sent',
  async (host) => {
    const client = new EndpointClient();
    onTestFinished(() => client.close());
    for (const url of [`http://${host}/hook`, `https://${host}:8443/`]) {
      expect(() => client.assertAllowed(url)).toThrow(expect.objectContaining({ reason: 'ENDPOINT_URL_REFUSED' }));
      await expect(client.post(url, {}, '{}')).rejects.toMatchObject({ reason: 'ENDPOINT_URL_REFUSED' });
    }
  },
);

test.each(['example.com', '93.184.215.14', '[2606:2800:21f:cb07:6820:80da:af6b:8b2c]'])(
  'an endpoint at %s is not refused',
  (host) => {
    const client = new EndpointClient();
    onTestFinished(() => client.close());
    expect(() => client.assertAllowed(`https://${host}/hook`)).not.toThrow();
  },
);

test('the pause after a failure doubles with each up to six hours, and chance takes some of it away', () => {
  expect([1, 2, 3, 14, 15, 16].map((attempts) => backoffMs(attempts, 0.5))).toEqual([
    1_000, 2_000, 4_000, 8_192_000, 10_800_000, 10_800_000,
  ]);
  expect(backoffMs(1, 0)).toBe(0);
});

test('events are published by time, but those of one aggregate by version and then id', () => {
  const event = (id: number, aggregateId: number, aggregateVersion: number, ms: number) => ({
    id,
    aggregateType: 'order',
    aggregateId,
    aggregateVersion,
    createdAt: new Date(ms),
  });
  // Order 1 was changed by a transaction that took its time early and its lock late.
  const events = [event(9, 1, 1, 20), event(4, 1, 2, 10), event(5, 1, 2, 10), event(7, 2, 1, 15), event(6, 3, 1, 15)];
  expect(inOrderOfPublication(events).map(({ id }) => id)).toEqual([9, 4, 6, 7, 5]);
});

// `UPDATE_EVENT_SCHEMAS=1 npx vitest run packages/api/test/event-endpoints.test.ts` writes them.
test('docs/events shows the schema of every type of event as it is', async () => {
  if (process.env.UPDATE_EVENT_SCHEMAS) {
    await mkdir(SCHEMAS, { recursive: true });
    for (const type of EVENT_TYPES) {
      await writeFile(new URL(`${type}.json`, SCHEMAS), `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`);
    }
  }
  expect((await readdir(SCHEMAS)).sort()).toEqual(EVENT_TYPES.map((type) => `${type}.json`).sort());
  for (const type of EVENT_TYPES) {
    expect(JSON.parse(await readFile(new URL(`${type}.json`, SCHEMAS), 'utf8')), type).toEqual(jsonSchemaOf(type));
  }
});
