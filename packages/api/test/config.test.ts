import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

test('with no settings the server is local, with an embedded database', () => {
  expect(readConfig([], {})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: 'sqlite:.data/shop.db',
    demo: true,
  });
});

test('a flag comes before the environment', () => {
  const environment = { PORT: '4000', DATABASE_URL: 'postgres://localhost/shop' };
  expect(readConfig(['--port', '5000'], environment)).toMatchObject({
    port: 5000,
    databaseUrl: 'postgres://localhost/shop',
  });
});

test('no page of another origin may call, unless its origin is named', () => {
  expect(readConfig([], {}).corsOrigins).toEqual([]);
  const { corsOrigins } = readConfig([], { CORS_ORIGINS: 'https://shop.example, http://localhost:5173' });
  expect(corsOrigins).toEqual(['https://shop.example', 'http://localhost:5173']);
});

describe('a setting that cannot be used is named in one sentence', () => {
  test.each([
    { args: ['--port', 'abc'], names: '--port' },
    { args: ['--port', '65536'], names: '--port' },
    { args: ['--port', '-1'], names: '--port' },
    { args: ['--prot', '1'], names: '--prot' },
    { args: ['--port'], names: '--port' },
    { args: ['here'], names: 'here' },
    { args: ['--host', ''], names: '--host' },
    { args: ['--database-url', 'mysql://localhost/shop'], names: '--database-url' },
    { args: ['--database-url', 'sqlite:'], names: '--database-url' },
    { args: ['--jwt-secret', 'short'], names: '--jwt-secret' },
    { args: ['--jwks-url', 'not a url'], names: '--jwks-url' },
    { args: ['--admin-key', 'secret'], names: '--admin-key' },
    { args: ['--cors-origins', '*'], names: '--cors-origins' },
    { args: ['--cors-origins', 'https://shop.example/'], names: '--cors-origins' },
    { args: ['--cors-origins', 'https://shop.example,'], names: '--cors-origins' },
    { args: ['--demo', 'maybe'], names: '--demo' },
    { args: ['--log-level', 'loud'], names: '--log-level' },
    { args: ['--jwt-secret', 'x'.repeat(32), '--jwks-url', 'https://login.example/keys'], names: 'not both' },
  ])('$args', ({ args, names }) => {
    const read = () => readConfig(args, {});
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(names);
    expect(read).toThrow(/^[^\n]+\.$/);
  });
});
