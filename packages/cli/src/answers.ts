import { getBorderCharacters, table } from 'table';

type Row = Readonly<Record<string, unknown>>;

/** An answer for a person: rows as a table, one thing as its fields, and a table for each list inside of it. */
export function describeAnswer(answer: unknown): string {
  if (Array.isArray(answer)) return answer.length === 0 ? 'None.\n' : tableOf(answer.map(rowOf));
  if (!isRow(answer)) return `${cellOf(answer)}\n`;
  const lists = Object.entries(answer).filter(([, value]) => isListOfRows(value));
  const fields = Object.entries(answer).filter(([, value]) => !isListOfRows(value));
  const written = fields.length > 0 ? align(fields.map(([name, value]) => [name, cellOf(value)])) : '';
  return [written, ...lists.map(([name, rows]) => `${name}\n${indent(describeAnswer(rows))}`)].join('\n');
}

/** One line for each row, under the names of their fields. A field that no row has anything in is left out. */
function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = names.filter((name) => rows.some((row) => row[name] !== null && row[name] !== undefined));
  return align([shown, ...rows.map((row) => shown.map((name) => cellOf(row[name])))]);
}

function align(cells: string[][]): string {
  const text = table(cells, {
    border: getBorderCharacters('void'),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    drawHorizontalLine: () => false,
  });
  return text.replaceAll(/ +$/gm, '');
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  // A line break, or anything else that steers a terminal, would tear the table.
  if (typeof value === 'string') return value.replaceAll(/\p{Cc}+/gu, ' ');
  return JSON.stringify(value);
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function rowOf(value: unknown): Row {
  return isRow(value) ? value : { value };
}

function isListOfRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.some(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
