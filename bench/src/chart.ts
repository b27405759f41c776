/** One bar of a chart: how many times as fast as the baseline, and how far the rounds lay apart. */
export interface Bar {
  readonly label: string;
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  /** What the bar is meant to reach. */
  readonly goal?: number | undefined;
  readonly note: string;
}

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 170;
const TOP = 64;
const ROW = 34;
const THICKNESS = 14;
const TICKS_MAX = 7;

/** Draws ratios as bars from a baseline of 1; readable on light and on dark paper. */
export function barChart({ title, subtitle, bars }: { title: string; subtitle: string; bars: readonly Bar[] }): string {
  const longest = Math.max(1, ...bars.flatMap(({ ratio, goal = 0 }) => [ratio.max, goal]));
  const step = [0.25, 0.5, 1, 2, 5, 10].find((each) => longest / each <= TICKS_MAX) ?? 20;
  const end = Math.ceil(longest / step) * step;
  const x = (ratio: number) => LEFT + (ratio / end) * (WIDTH - LEFT - RIGHT);
  const height = TOP + bars.length * ROW + 34;
  const bottom = TOP + bars.length * ROW;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);

  const grid = ticks.map(
    (tick) => `<line class="grid" x1="${x(tick)}" y1="${TOP - 6}" x2="${x(tick)}" y2="${bottom}"/>
  <text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}×</text>`,
  );
  const rows = bars.map(({ label, ratio, goal, note }, index) => {
    const middle = TOP + index * ROW + ROW / 2;
    const isReached = goal === undefined || ratio.median >= goal;
    return `<g>
    <text class="label" x="${LEFT - 12}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>
    <rect class="${isReached ? 'reached' : 'short'}" x="${LEFT}" y="${middle - THICKNESS / 2}" width="${(x(ratio.median) - LEFT).toFixed(1)}" height="${THICKNESS}" rx="3"/>
    <line class="spread" x1="${x(ratio.min).toFixed(1)}" y1="${middle}" x2="${x(ratio.max).toFixed(1)}" y2="${middle}"/>
    ${goal === undefined ? '' : `<line class="goal" x1="${x(goal).toFixed(1)}" y1="${middle - 12}" x2="${x(goal).toFixed(1)}" y2="${middle + 12}"/>`}
    <text class="value" x="${WIDTH - RIGHT + 12}" y="${middle + 4}">${ratio.median.toFixed(2)}×</text>
    <text class="note" x="${WIDTH - RIGHT + 62}" y="${middle + 4}">${escaped(note)}</text>
  </g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">
  <style>
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .subtitle, .tick, .note { fill: #59636e; font-size: 12px; }
    .value { font-weight: 600; }
    .paper { fill: #ffffff; }
    .grid { stroke: #d1d9e0; }
    .base { stroke: #59636e; stroke-width: 1.5; }
    .reached { fill: #1a7f64; }
    .short { fill: #c4762b; }
    .spread { stroke: #1f2328; stroke-width: 1.5; }
    .goal { stroke: #1f2328; stroke-width: 2; stroke-dasharray: 3 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .subtitle, .tick, .note { fill: #9198a1; }
      .paper { fill: #0d1117; }
      .grid { stroke: #2d333b; }
      .base { stroke: #9198a1; }
      .reached { fill: #3fb68b; }
      .short { fill: #e39a54; }
      .spread, .goal { stroke: #e6edf3; }
    }
  </style>
  <rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>
  <text class="title" x="20" y="28">${escaped(title)}</text>
  <text class="subtitle" x="20" y="47">${escaped(subtitle)}</text>
  ${grid.join('\n  ')}
  ${rows.join('\n  ')}
  <line class="base" x1="${x(1)}" y1="${TOP - 6}" x2="${x(1)}" y2="${bottom}"/>
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
