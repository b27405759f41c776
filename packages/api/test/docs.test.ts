import { readFile } from 'node:fs/promises';
import { openDatabase } from '@baguni/db';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHECKS } from '../src/audit/checks.ts';
import { TREATMENTS } from '../src/errors.ts';

const readDoc = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

/** The cells of each row of a document's tables, their heads left out. */
function rowsOf(markdown: string): string[][] {
  const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));
  return tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
  );
}

function sectionOf(markdown: string, title: string): string {
  const [, section = ''] = markdown.split(`\n## ${title}\n`);
  return section.split('\n## ')[0] ?? '';
}

async function openMetadata() {
  const database = await openDatabase('sqlite::memory:');
  onTestFinished(() => database.close());
  const entities = new Map(database.tables.map((meta) => [meta.className, meta]));
  return (name: string) => {
    const [entity = '', property = ''] = name.split('.');
    return Object.entries(entities.get(entity)?.properties ?? {}).find(([key]) => key === property)?.[1];
  };
}

describe('docs/domain.md', () => {
  test('names a property that is there for every attribute of both diagrams', async () => {
    const propertyOf = await openMetadata();
    const rows = rowsOf(sectionOf(await readDoc('domain.md'), "Where the diagrams' attributes are"));
    const attributes = rows.map(([diagram, attribute]) => `${diagram} ${attribute}`);
    expect(new Set(attributes).size).toBe(attributes.length);
    expect(rows.filter(([diagram]) => diagram === 'A')).toHaveLength(52);
    expect(rows.filter(([diagram]) => diagram === 'B')).toHaveLength(76);
    for (const [diagram, attribute, heldBy = ''] of rows) {
      const names = [...heldBy.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      expect(names.length, `${diagram} ${attribute}`).toBeGreaterThan(0);
      for (const name of names) {
        const fields = propertyOf(name)?.fieldNames ?? [];
        expect(fields, `${diagram} ${attribute} is said to be ${name}`).toHaveLength(1);
      }
    }
  });

  test('names a foreign key for every relationship of both diagrams', async () => {
    const propertyOf = await openMetadata();
    const rows = rowsOf(sectionOf(await readDoc('domain.md'), "Where the diagrams' relationships are"));
    const relationships = (diagram: string) => new Set(rows.filter(([of]) => of === diagram).map(([, name]) => name));
    expect(relationships('A').size).toBe(9);
    expect(relationships('B').size).toBe(13);
    for (const [diagram, relationship, heldBy = '', refersTo = ''] of rows) {
      const property = propertyOf(heldBy.replaceAll('`', ''));
      const label = `${diagram} ${relationship} is said to be ${heldBy}`;
      expect(['m:1', '1:1'], label).toContain(property?.kind);
      expect(property?.targetMeta?.className, label).toBe(refersTo.replaceAll('`', ''));
      expect(property?.createForeignKeyConstraint ?? true, label).toBe(true);
    }
  });

  test('draws every state of orders, payments and refunds', async () => {
    const propertyOf = await openMetadata();
    const drawings = [...(await readDoc('domain.md')).matchAll(/```mermaid\n(.*?)```/gs)].map(([, text = '']) => text);
    for (const [place, entity] of ['Order', 'Payment', 'Refund'].entries()) {
      const transitions = [...(drawings[place] ?? '').matchAll(/^ +(\S+) --> ([^\s:]+)/gm)];
      const drawn = new Set(transitions.flatMap(([, from, to]) => [from, to]));
      drawn.delete('[*]');
      expect([...drawn].sort(), entity).toEqual([...(propertyOf(`${entity}.status`)?.items ?? [])].sort());
    }
  });

  test('explains every invariant that the audit checks', async () => {
    const explained = new Set((await readDoc('domain.md')).match(/(?<=^- \*\*)I\d+(?=\*\*)/gm));
    for (const { invariant } of CHECKS) expect(explained).toContain(invariant);
  });

  test('leads to the reasons', async () => {
    expect(await readDoc('domain.md')).toContain('](errors.md)');
  });
});

describe('docs/errors.md', () => {
  test('has one row for each reason', async () => {
    const rows = rowsOf(await readDoc('errors.md'));
    const reasons = rows.map(([reason = '']) => reason.replaceAll('`', ''));
    expect(reasons.toSorted()).toEqual(Object.keys(TREATMENTS).sort());
    for (const [reason, when, whatToDo] of rows) {
      expect(when, reason).toMatch(/\.$/);
      expect(whatToDo, reason).toMatch(/\.$/);
    }
  });
});
