import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTestEngine } from '@baguni/testing';
import { type ContractOptions, type Deployment, describeContract } from '@baguni/testing/contract';
import { expect, onTestFinished, test } from 'vitest';

type Run = Parameters<ContractOptions['test']>[1];

/** The behaviours by their titles, for a runner that is this test. */
function behavioursOf(connect: ContractOptions['connect']): Map<string, Run> {
  const behaviours = new Map<string, Run>();
  describeContract({
    connect,
    describe: (_name, define) => define(),
    test: (title, run) => {
      expect(behaviours.has(title), `There are two behaviours called: ${title}`).toBe(false);
      behaviours.set(title, run);
    },
  });
  return behaviours;
}

/** An engine behind a proxy that breaks a promise. */
async function deploymentBehind(spoil: (request: Request, send: Send) => Promise<Response>): Promise<Deployment> {
  const engine = await createTestEngine();
  onTestFinished(() => engine.close());
  return {
    url: 'http://engine.test',
    fetch: (resource, init) => spoil(new Request(resource, init), engine.fetch),
    adminKey: await engine.tokenOf('admin'),
    tokenOf: (user) => engine.tokenOf(user),
  };
}

type Send = (request: Request) => Promise<Response>;

/** The same request without a field. */
async function without(request: Request, field: string): Promise<Request> {
  if (request.method !== 'POST') return request;
  const { url, method, headers } = request;
  const text = (await request.text()).replace(new RegExp(`"${field}":("[^"]*"|\\d+),?`, 'g'), '');
  return new Request(url, { method, headers, body: text.replace(/,\}/g, '}') });
}

const SPOILERS: [what: string, spoil: (request: Request, send: Send) => Promise<Response>, caughtBy: string][] = [
  [
    'forgets idempotency keys',
    async (request, send) => send(await without(request, 'idempotencyKey')),
    'the same call with the same key takes effect once and gets the same answer',
  ],
  [
    'takes no notice of versions',
    async (request, send) => send(await without(request, 'expectedVersion')),
    'a change of a product is refused when it is meant for another version',
  ],
  [
    'takes no notice of the total that the customer saw',
    async (request, send) => send(await without(request, 'expectedTotalAmount')),
    'an order is refused when its total is not the one that the customer saw',
  ],
  [
    'does everything twice',
    async (request, send) => {
      if (request.url.includes('cart.addItem')) await send(await without(request.clone(), 'idempotencyKey'));
      return send(request);
    },
    'pieces that are added come on top of those that are there',
  ],
  [
    'loses the ids of requests',
    async (request, send) => {
      const answer = await send(request);
      const text = (await answer.text()).replace(/"requestId":"[^"]*"/g, '"requestId":""');
      return new Response(text, answer);
    },
    'every error has one shape, with a reason, a request id, and the status of its answer',
  ],
  [
    'shows one customer the orders of another',
    async (request, send) => {
      // Whoever asks for an order is taken for the one who placed it.
      if (request.url.includes('orders.place')) placedBy = request.headers.get('authorization') ?? '';
      if (!request.url.includes('orders.get')) return send(request);
      return send(new Request(request, { headers: { authorization: placedBy } }));
    },
    "other people's orders do not exist",
  ],
  [
    'tells the last event again after a reconnect',
    async (request, send) => send(new Request(request.url.replace(/%22after%22%3A(\d+)/, oneBack), request)),
    'a stream that goes on after an event loses nothing and tells nothing twice',
  ],
];

let placedBy = '';
const oneBack = (_whole: string, after: string) => `%22after%22%3A${Math.max(0, Number(after) - 1)}`;

/** The behaviour of this title on a deployment, for a runner that is this test. */
function behaviourOf(deployment: Deployment, title: string): Run {
  const run = behavioursOf(() => deployment).get(title);
  if (!run) throw new Error(`There is no behaviour called: ${title}`);
  return run;
}

test.for(SPOILERS)('a deployment that %s is found out', async ([_what, spoil, title]) => {
  const run = behaviourOf(await deploymentBehind(spoil), title);
  await expect(run({ skip: () => {} })).rejects.toThrow();
});

test('the same behaviours hold on a deployment that is in order', async () => {
  const deployment = await deploymentBehind((request, send) => send(request));
  for (const title of new Set(SPOILERS.map(([, , caughtBy]) => caughtBy))) {
    await behaviourOf(deployment, title)({ skip: () => {} });
  }
});

test('what a deployment lacks the means for is skipped with the reason', async () => {
  const reasons: string[] = [];
  const deployment = await deploymentBehind((request, send) => send(request));
  const run = behaviourOf(deployment, 'a complete order holds nothing and does not expire');
  await run({ skip: (reason = '') => reasons.push(reason) });
  expect(reasons).toEqual(['The deployment gives no clock to move.']);
});

test('the runner of Node itself runs them too, and says what it skipped', () => {
  const file = fileURLToPath(new URL('./contract-in-node.ts', import.meta.url));
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    env,
    encoding: 'utf8',
  });
  expect(status, stdout).toBe(0);
  const count = (kind: string) => Number(new RegExp(`^# ${kind} (\\d+)$`, 'm').exec(stdout)?.[1]);
  expect(count('fail')).toBe(0);
  expect(count('pass')).toBeGreaterThan(100);
  expect(stdout.match(/# SKIP The deployment .*/g)).toHaveLength(count('skipped'));
  expect(count('skipped')).toBeGreaterThan(0);
});
