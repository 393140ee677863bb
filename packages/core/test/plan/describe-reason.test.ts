import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeChange, describeReason } from '../../src/plan/describe-reason.ts';
import type { Change, Reason } from '../../src/plan/reason.ts';

const code = (changes: Extract<Change, { kind: 'code' }>['changes'], by = 'source-hash@1'): Change => ({
  kind: 'code',
  by,
  before: 'a'.repeat(64),
  after: 'b'.repeat(64),
  changes,
});

describe('a change in one line', () => {
  test.each<readonly [Change, string]>([
    [{ kind: 'config', path: 'threshold', before: 0.4, after: 0.5 }, 'config `threshold` 0.4 → 0.5'],
    [{ kind: 'config', path: 'model', after: 'a' }, 'config `model` added: "a"'],
    [{ kind: 'config', path: 'model', before: null }, 'config `model` removed: null'],
    [{ kind: 'config', path: 'token' }, 'config `token` changed'],
    [{ kind: 'config', path: '' }, 'config changed'],
    [
      { kind: 'config', path: 'text', before: 'x'.repeat(100), after: 'y' },
      `config \`text\` "${'x'.repeat(38)}… → "y"`,
    ],
    [{ kind: 'literal', input: 'k', path: '', before: 3, after: 5 }, 'input k 3 → 5'],
    [{ kind: 'literal', input: 'options', path: 'depth', before: 3, after: 5 }, 'input options.depth 3 → 5'],
    [
      { kind: 'upstream', input: 'docs', step: 'load', output: 'result', before: 'a', after: 'b' },
      'input docs ← load changed',
    ],
    [
      { kind: 'upstream', input: 'docs', step: 'split', output: 'train', before: 'a', after: 'b' },
      'input docs ← split.train changed',
    ],
    [
      { kind: 'wiring', input: 'docs', before: 'a.result', after: 'b.result' },
      'input docs ← b.result instead of a.result',
    ],
    [{ kind: 'wiring', input: 'docs', after: '[2] b.result' }, 'input docs has a new item [2] b.result'],
    [{ kind: 'wiring', input: 'docs', before: '[2] b.result' }, 'input docs lacks item [2] b.result'],
    [
      { kind: 'resource', resource: 'llm', changes: [{ kind: 'config', path: 'model', before: 'a', after: 'b' }] },
      'resource llm: config `model` "a" → "b"',
    ],
    [{ kind: 'environment', variable: 'LANG' }, 'environment variable LANG changed'],
    [{ kind: 'external', external: 'docs.json' }, 'external docs.json changed'],
    [{ kind: 'after', step: 'migrate' }, 'comes after migrate, which changed'],
    [code([{ what: 'file', name: 'src/clean.ts', how: 'changed' }]), 'code changed: src/clean.ts'],
    [
      code([{ what: 'function', name: 'chunk()', how: 'changed', place: { file: 'src/ops.ts', line: 31 } }]),
      'code changed: chunk() in src/ops.ts:31',
    ],
    [
      code([{ what: 'symbol', name: 'src/deep.ts#deep', how: 'changed', via: ['main', 'helper', 'deep'] }]),
      'code changed: src/deep.ts#deep via main > helper > deep',
    ],
    [
      code([{ what: 'symbol', name: 'a.ts#g', how: 'added', via: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }]),
      'code changed: a.ts#g added via a > b > … > f > g',
    ],
    [code([{ what: 'symbol', name: 'a.ts#main', how: 'changed', via: ['main'] }]), 'code changed: a.ts#main'],
    [
      code([{ what: 'symbol', name: 'a.ts#N', how: 'changed', before: 'const N = 1;', after: 'const N = 2;' }]),
      'code changed: a.ts#N const N = 1; → const N = 2;',
    ],
    [
      code([{ what: 'symbol', name: 'a.ts#f', how: 'changed', before: 'f = () =>\n 1', after: 'f = () => 2' }]),
      'code changed: a.ts#f',
    ],
    [
      code([{ what: 'package', name: 'lodash', how: 'changed', before: '4.17.20', after: '4.17.21' }]),
      'code changed: lodash 4.17.20 → 4.17.21',
    ],
    [
      code(['a', 'b', 'c', 'd', 'e'].map((name) => ({ what: 'file', name, how: 'added' as const }))),
      'code changed: a added, b added, c added, … 2 more',
    ],
    [code([]), 'code changed: aaaaaaaa… → bbbbbbbb…'],
    [{ kind: 'code', by: 'declared', before: '1', after: '2', changes: [] }, 'declared version 1 → 2'],
  ])('%j', (change, text) => {
    expect(describeChange(change)).toBe(text);
  });
});

describe('a reason in one line', () => {
  test.each<readonly [Reason, string]>([
    [{ code: 'first-run' }, 'first run'],
    [{ code: 'missing', outputs: ['result'] }, 'result is gone from the store: result'],
    [{ code: 'missing', outputs: [] }, 'result is gone from the store'],
    [{ code: 'damaged', outputs: ['a', 'b', 'c', 'd'] }, 'stored result cannot be read: a, b, c, … 1 more'],
    [{ code: 'expired', ageMs: 7_200_000, maxAgeMs: 3_600_000 }, 'expired: it is 2 h old, may be 1 h old'],
    [{ code: 'expired', ageMs: undefined, maxAgeMs: 3_600_000 }, 'expired: its age is not known, may be 1 h old'],
    [{ code: 'refreshed', by: 'run' }, 'refreshed, as this run was asked to'],
    [{ code: 'refreshed', by: 'op' }, 'refreshed, as its op says'],
    [{ code: 'volatile', because: 'unversioned' }, 'always runs: its code has no version'],
    [{ code: 'upstream-rebound', step: 'embed' }, 'embed was computed again with another result'],
    [{ code: 'memo-off' }, 'memoization is off'],
    [{ code: 'upgraded', from: 'a@1', to: 'a@2' }, 'upgraded from a@1 to a@2'],
    [{ code: 'needed-if', step: 'chunk' }, 'depends on chunk'],
    [{ code: 'not-needed' }, 'everything that reads it is reused'],
    [{ code: 'not-selected' }, 'not selected'],
    [{ code: 'absent-input', input: 'a', step: 'split', output: 'rest' }, 'input a ← split.rest is absent'],
    [{ code: 'changed', changes: [] }, 'changed'],
    [
      { code: 'changed', changes: ['a', 'b', 'c', 'd'].map((path) => ({ kind: 'config', path })) },
      'config `a` changed; config `b` changed; config `c` changed; … 1 more',
    ],
  ])('%j', (reason, text) => {
    expect(describeReason(reason)).toBe(text);
  });
});

test('whatever names and values hold stays on its line and cannot move the cursor', () => {
  const hostile = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const changes: readonly Change[] = [
        { kind: 'config', path: a, before: b, after: a },
        { kind: 'wiring', input: a, before: b, after: a },
        { kind: 'resource', resource: a, changes: [{ kind: 'salt', before: b }] },
        code([{ what: a, name: b, how: 'changed', before: a, after: b, place: { file: a } }]),
      ];
      const lines = [
        describeReason({ code: 'changed', changes }),
        describeReason({ code: 'missing', outputs: [a, b] }),
        ...changes.map(describeChange),
      ];
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }),
  );
});
