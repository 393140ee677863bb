import { readFileSync } from 'node:fs';
import { visitorKeys } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { normalForm } from '../src/normal-form.ts';
import { LEAVES } from '../src/syntax-children.ts';
import { isNode, type ParsedSource, parseSource } from '../src/syntax-tree.ts';

type Snippet = string | readonly [extension: string, text: string];

const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as T;

const SNIPPETS = golden<readonly Snippet[]>('syntax').map((snippet) =>
  typeof snippet === 'string' ? (['ts', snippet] as const) : snippet,
);

/** Kinds that the parser does not make with our options, or only of the types of JSDoc and of the engine's own syntax. */
const NEVER_MADE: readonly string[] = [
  'ParenthesizedExpression',
  'TSJSDocNonNullableType',
  'TSJSDocNullableType',
  'TSJSDocUnknownType',
  'TSParenthesizedType',
  'V8IntrinsicExpression',
];

function parsed([extension, text]: readonly [string, string]): ParsedSource {
  const source = parseSource(`file.${extension}`, text);
  if (source === undefined) throw new Error(`does not parse: ${text}`);
  return source;
}

/** Kind of node → names of the properties that nodes of this kind have. */
function shapes(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isNode(value)) {
      const names = found.get(value.type) ?? new Set();
      found.set(value.type, names);
      for (const [name, part] of Object.entries(value)) {
        names.add(name);
        visit(part);
      }
    }
  };
  for (const snippet of SNIPPETS) visit(parsed(snippet).program);
  return found;
}

/**
 * What a newer parser changes in its trees changes the versions that users have. If that is meant, raise the algorithm
 * (src/algorithm.ts) with the golden files.
 */
describe('the trees of the parser', () => {
  test('of every kind of node are in the golden snippets', () => {
    const seen = new Set([...shapes().keys(), ...NEVER_MADE]);
    expect(Object.keys(visitorKeys).filter((kind) => !seen.has(kind))).toEqual([]);
    expect(NEVER_MADE.filter((kind) => shapes().has(kind))).toEqual([]);
  });

  test('hold nothing below the kinds that are taken for leaves', () => {
    const keys = visitorKeys as Readonly<Record<string, readonly string[]>>;
    expect([...LEAVES].filter((kind) => keys[kind]?.length !== 0)).toEqual([]);
  });

  test('have the properties that they had', () => {
    const now = [...shapes()].map(([kind, names]) => [kind, [...names].sort().join(' ')] as const);
    expect(Object.fromEntries(now.sort(([left], [right]) => (left < right ? -1 : 1)))).toEqual(golden('syntax-shapes'));
  });
});

test.each(SNIPPETS.map((snippet) => [snippet[1], snippet] as const))('the normal form of %s stays', (text, snippet) => {
  expect(normalForm(parsed(snippet))).toBe(golden<Record<string, string>>('normal-forms')[text]);
});
