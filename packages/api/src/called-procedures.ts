import { findOperations } from './rest/match.ts';
import { TRPC_PATH } from './wire.ts';

/** The procedures that a request calls, through either door; none for a request that calls none. */
export function calledProcedures(method: string, { pathname }: URL): readonly string[] {
  const names = pathname.startsWith(`${TRPC_PATH}/`) ? pathname.slice(TRPC_PATH.length + 1) : '';
  if (names !== '') return names.split(',');
  const { operation } = findOperations(pathname).get(method === 'HEAD' ? 'GET' : method) ?? {};
  return operation ? [operation.id] : [];
}
