import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { CallInfo, Hooks } from './hooks.ts';

export interface OpenTelemetryOptions {
  /** What makes the spans; the tracer `@baguni/sdk` of the global provider unless said otherwise. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Hooks that make a span of each attempt at a call, under the span that was active when the call was made, and send its
 * `traceparent` along, so that the server's spans become its children. A request carries one `traceparent`: with these
 * hooks every call travels in its own.
 *
 *     const shop = createClient({ url, hooks: [openTelemetry()] });
 */
export function openTelemetry({ tracer = trace.getTracer('@baguni/sdk') }: OpenTelemetryOptions = {}): Hooks {
  // A retry runs when a timer says so, where no context manager need know of the caller any more.
  const parents = new WeakMap<CallInfo, Context>();
  const spans = new WeakMap<CallInfo, Span>();
  return {
    onRequest({ call, attempt, headers }) {
      const parent = parents.get(call) ?? context.active();
      parents.set(call, parent);
      const span = tracer.startSpan(
        call.path,
        { kind: SpanKind.CLIENT, attributes: attributesOf(call, attempt) },
        parent,
      );
      spans.set(call, span);
      propagation.inject(trace.setSpan(parent, span), headers);
    },
    onResponse({ call, status, requestId, failure }) {
      const span = spans.get(call);
      if (!span) return;
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (requestId !== undefined) span.setAttribute('baguni.request_id', requestId);
      if (failure) {
        span.setAttribute('error.type', failure.reason);
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
      }
      span.end();
    },
  };
}

function attributesOf({ path, idempotencyKey }: CallInfo, attempt: number) {
  const end = path.lastIndexOf('.');
  return {
    'rpc.system': 'trpc',
    'rpc.service': path.slice(0, end),
    'rpc.method': path.slice(end + 1),
    ...(idempotencyKey !== undefined && { 'baguni.idempotency_key': idempotencyKey }),
    ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
  };
}
