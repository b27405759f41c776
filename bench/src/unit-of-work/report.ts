import { PRODUCTS } from '../shop/size.ts';
import type { Spread } from '../statistics.ts';
import { table } from '../table.ts';
import type { Figures, JobResult } from './bench.ts';

const HEADS = ['orders', 'callers', 'by', 'orders/s', 'min–max', 'ratio', 'min–max'];
const MORE_HEADS = ['p50 ms', 'p99 ms', 'CPU ms', 'server CPU ms', 'statements'];

export function reportText(results: readonly JobResult[], settings: Readonly<Record<string, string>>): string {
  const rows = results.flatMap((result) => {
    const { callers, products, unitOfWork, byHand, ratio } = result;
    const job = [products === 'one' ? 'on one product' : `spread over ${PRODUCTS}`, String(callers)];
    return [
      [...job, 'unit of work', ...speed(unitOfWork), ratio.median.toFixed(2), range(ratio, 2), ...costs(unitOfWork)],
      ['', '', 'by hand', ...speed(byHand), '1', '', ...costs(byHand)],
    ];
  });
  return [
    'Orders of one line through the unit of work, and the same rows in hand-written SQL (pg, one transaction each).',
    `Postgres: ${Object.entries(settings)
      .map(([name, setting]) => `${name} ${setting}`)
      .join(', ')}`,
    'Medians; ratio: unit of work ÷ by hand, round by round; CPU and statements: for each order.',
    '',
    table([...HEADS, ...MORE_HEADS], rows),
    '',
    'Checked after each job: every answered order is there with all its rows, and each stock is initial − sold.',
  ].join('\n');
}

function speed({ perSecond }: Figures): string[] {
  return [perSecond.median.toFixed(0), range(perSecond, 0)];
}

function costs({ p50Ms, p99Ms, cpuMs, serverCpuMs, statements }: Figures): string[] {
  return [
    p50Ms.median.toFixed(2),
    p99Ms.median.toFixed(2),
    cpuMs.median.toFixed(2),
    serverCpuMs?.median.toFixed(2) ?? '–',
    statements?.toFixed(1) ?? '–',
  ];
}

function range({ min, max }: Spread, digits: number): string {
  return `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}
