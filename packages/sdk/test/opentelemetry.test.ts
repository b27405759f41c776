import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openTelemetry } from '../src/opentelemetry.ts';
import { lostAnswer, startServer, type TestServer } from './shop.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return () => {
    trace.disable();
    context.disable();
    propagation.disable();
  };
});

beforeEach(() => exporter.reset());

function traceparents({ requests }: TestServer): (string | null)[] {
  return requests.map(({ init }) => new Headers(init.headers).get('traceparent'));
}

function traceparentOf(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

test('a call is a span whose traceparent travels along', async () => {
  const server = await startServer();
  const shop = server.client({ hooks: [openTelemetry()] });
  await shop.products.list();
  const [span] = exporter.getFinishedSpans();
  if (!span) throw new Error('There is no span.');
  expect(span).toMatchObject({ name: 'products.list', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
  expect(span.attributes).toEqual({
    'rpc.system': 'trpc',
    'rpc.service': 'products',
    'rpc.method': 'list',
    'http.response.status_code': 200,
    'baguni.request_id': 'request-1',
  });
  expect(traceparents(server)).toEqual([traceparentOf(span)]);
});

test('each attempt is a span under the one that was active when the call was made', async () => {
  const server = await startServer();
  const { userId } = await server.customer();
  const shop = server.client({ token: server.adminKey, hooks: [openTelemetry()] });
  server.meets(lostAnswer);
  const parent = provider.getTracer('a page').startSpan('checkout');
  await context.with(trace.setSpan(context.active(), parent), () =>
    shop.points.charge({ userId, amount: 500 }, { idempotencyKey: 'mine' }),
  );
  const [first, second] = exporter.getFinishedSpans();
  if (!first || !second) throw new Error('There are not two spans.');
  for (const span of [first, second]) {
    expect(span.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(span.attributes['baguni.idempotency_key']).toBe('mine');
  }
  expect(first.status).toMatchObject({ code: SpanStatusCode.ERROR });
  expect(first.attributes).toMatchObject({ 'error.type': 'CONNECTION_FAILED' });
  expect(second.status).toMatchObject({ code: SpanStatusCode.UNSET });
  expect(second.attributes).toMatchObject({ 'http.request.resend_count': 1, 'http.response.status_code': 200 });
  expect(traceparents(server)).toEqual([traceparentOf(first), traceparentOf(second)]);
});

test('a refusal is a span that names its reason', async () => {
  const server = await startServer();
  const shop = server.client({ hooks: [openTelemetry({ tracer: provider.getTracer('mine') })] });
  await shop.products.get({ productId: 999 }).catch(() => {});
  const [span] = exporter.getFinishedSpans();
  expect(span?.instrumentationScope.name).toBe('mine');
  expect(span?.attributes).toMatchObject({ 'error.type': 'PRODUCT_NOT_FOUND', 'http.response.status_code': 404 });
});

test('two calls of one tick keep their own traces', async () => {
  const server = await startServer();
  const shop = server.client({ hooks: [openTelemetry()] });
  await Promise.all([shop.products.list(), shop.coupons.list()]);
  const spans = exporter.getFinishedSpans();
  expect(spans).toHaveLength(2);
  expect(traceparents(server).sort()).toEqual(spans.map(traceparentOf).sort());
});
