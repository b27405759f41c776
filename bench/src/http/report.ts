import type { WireName } from '../calls/wires.ts';
import type { Spread } from '../statistics.ts';
import { table } from '../table.ts';
import type { Figures, ScenarioResult } from './bench.ts';

const HEADS = ['job', 'connections', 'server', 'calls/s', 'min–max', 'ratio', 'min–max', 'p50 ms', 'p99 ms'];
const COST_HEADS = ['server CPU ms', 'Postgres CPU ms', 'generator CPU ms', 'RSS MB'];
const NAMES: Readonly<Record<WireName, string>> = { baguni: 'Baguni', 'by-hand': 'by hand', constant: 'constant' };

export function reportText(results: readonly ScenarioResult[], settings: Readonly<Record<string, string>>): string {
  const rows = results.flatMap((result) => {
    const { servers, ratio } = result;
    return (['baguni', 'by-hand', 'constant'] as const).flatMap((name) => {
      const figures = servers[name];
      if (!figures) return [];
      const isSubject = name === 'baguni';
      return [
        [
          isSubject ? jobText(result) : '',
          isSubject ? String(result.connections) : '',
          NAMES[name],
          figures.perSecond.median.toFixed(0),
          range(figures.perSecond, 0),
          isSubject ? ratio.median.toFixed(2) : '',
          isSubject ? range(ratio, 2) : '',
          ...costs(figures),
        ],
      ];
    });
  });
  return [
    'The whole stack through the wire of the SDK, and a server written by hand (Fastify and pg).',
    `Postgres: ${Object.entries(settings)
      .map(([name, setting]) => `${name} ${setting}`)
      .join(', ')}`,
    'Medians; ratio: calls per second of Baguni ÷ by hand, round by round; latency of a request, CPU for each call.',
    '',
    table([...HEADS, ...COST_HEADS], rows),
    '',
    'Checked: both answer alike and leave the same rows; every answered change is there once; the audit is clean.',
  ].join('\n');
}

function jobText({ job, processes, callsPerRequest }: ScenarioResult): string {
  const notes = [
    ...(processes > 1 ? [`${processes} processes`] : []),
    ...(callsPerRequest > 1 ? [`${callsPerRequest} calls a request`] : []),
  ];
  return notes.length > 0 ? `${job} (${notes.join(', ')})` : job;
}

function costs({ p50Ms, p99Ms, serverCpuMs, databaseCpuMs, generatorCpuMs, memory }: Figures): string[] {
  return [
    p50Ms.median.toFixed(2),
    p99Ms.median.toFixed(2),
    serverCpuMs?.median.toFixed(3) ?? '–',
    databaseCpuMs?.median.toFixed(3) ?? '–',
    generatorCpuMs.median.toFixed(3),
    memory === undefined ? '–' : (memory.max / 2 ** 20).toFixed(0),
  ];
}

function range({ min, max }: Spread, digits: number): string {
  return `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}
