import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/hash/digest.ts';
import { describeChange } from '../../src/plan/describe-reason.ts';
import type { Change } from '../../src/plan/reason.ts';
import { type CodeChanges, compareRecords, diffRecords } from '../../src/plan/record-diff.ts';
import { recordKey } from '../../src/versions/record-key.ts';
import type { StepVersionRecord, UpstreamRecord } from '../../src/versions/step-version-record.ts';
import { output, record, recordPairs, records, resource, upstream, value } from './records.ts';

const noCodeChanges: CodeChanges = () => [];
const diff = (before: Parameters<typeof record>[0], after: Parameters<typeof record>[0]) =>
  diffRecords(record(before), record(after), noCodeChanges);
const inputs = (docs: StepVersionRecord['inputs'][string]) => ({ inputs: { docs } });
const list = (...items: readonly UpstreamRecord[]) => inputs({ from: 'list', items });

describe('records differ in words if and only if their keys do', () => {
  test('for any two records', () => {
    fc.assert(
      fc.property(recordPairs, ([before, after]) => {
        const changes = diffRecords(before, after, noCodeChanges);
        expect(changes.length === 0).toBe(recordKey(before) === recordKey(after));
      }),
      { numRuns: 500 },
    );
  });

  test('for unrelated records, with every change in one line', () => {
    fc.assert(
      fc.property(records, records, (before, after) => {
        const changes = diffRecords(before, after, noCodeChanges);
        expect(changes.length === 0).toBe(recordKey(before) === recordKey(after));
        for (const change of changes) expect(describeChange(change)).toMatch(/^\S.*\S$/);
      }),
      { numRuns: 250 },
    );
  });

  test('after storing and reading', () => {
    fc.assert(
      fc.property(records, (before) => {
        expect(diffRecords(JSON.parse(JSON.stringify(before)), before, noCodeChanges)).toEqual([]);
      }),
    );
  });
});

describe('code', () => {
  test('of an op says both versions and what the strategy can tell', () => {
    const asked: unknown[] = [];
    const codeChanges: CodeChanges = (before, after) => {
      asked.push([before.code, after.code]);
      return [{ what: 'file', name: 'src/clean.ts', how: 'changed' }];
    };
    const op = { by: 'source-hash@1' };
    const changes = diffRecords(
      record({ op: { ...op, code: 'a' } }),
      record({ op: { ...op, code: 'b' } }),
      codeChanges,
    );
    expect(changes).toEqual([
      {
        kind: 'code',
        by: 'source-hash@1',
        before: 'a',
        after: 'b',
        changes: [{ what: 'file', name: 'src/clean.ts', how: 'changed' }],
      },
    ]);
    expect(asked).toEqual([['a', 'b']]);
  });

  test('given by another strategy is a change, though the version is equal', () => {
    const changes = diff({ op: { by: 'git@1' } }, { op: { by: 'source-hash@1' } });
    expect(changes.map(describeChange)).toEqual(['code version comes from source-hash@1 instead of git@1']);
    expect(changes).toMatchObject([{ kind: 'code', by: 'source-hash@1', before: '1', after: '1' }]);
  });

  test.each([
    { what: 'name', before: { op: { name: 'train' } }, text: 'op is app/fit instead of app/train' },
    { what: 'namespace', before: { op: { namespace: '' } }, text: 'op is app/fit instead of fit' },
    { what: 'effect', before: { effect: { job: 'j', step: 'push' } }, text: 'effect is of no step instead of j/push' },
  ])('has the $what of an op in it', ({ before, text }) => {
    expect(diff(before, {}).map(describeChange)).toEqual([text]);
  });

  test('of an earlier record that cannot be read is said to be unknown', () => {
    for (const unreadable of [
      null,
      { schema: 'memo.step-version/9' },
      { ...record(), inputs: { docs: { from: 'moon' } } },
      { ...record(), op: {} },
    ]) {
      const changes = diffRecords(unreadable as unknown as StepVersionRecord, record(), noCodeChanges);
      expect(changes.map(describeChange)).toEqual(['earlier ingredients cannot be read by this release']);
    }
  });
});

describe('config', () => {
  const config = (json: Parameters<typeof value>[0]) => ({ config: value(json) });

  test('differs by path', () => {
    const before = { model: { layers: [1, 2], name: 'a' }, 'x.y': 1, gone: true };
    const after = { model: { layers: [3, 2], name: 'a' }, 'x.y': 2, come: null };
    expect(diff(config(before), config(after))).toEqual([
      { kind: 'config', path: 'model.layers.0', before: 1, after: 3 },
      { kind: 'config', path: '"x.y"', before: 1, after: 2 },
      { kind: 'config', path: 'gone', before: true },
      { kind: 'config', path: 'come', after: null },
    ]);
  });

  test('a list that grew at its end has new items, one that grew within is one change', () => {
    expect(diff(config([1, 2]), config([1, 2, 3]))).toEqual([{ kind: 'config', path: '2', after: 3 }]);
    expect(diff(config({ l: [1, 2] }), config({ l: [0, 1, 2] }))).toEqual([
      { kind: 'config', path: 'l', before: [1, 2], after: [0, 1, 2] },
    ]);
  });

  test('a large value is not shown, and neither is its counterpart', () => {
    expect(diff(config({ a: 1, b: 2 }), config({ a: 'x'.repeat(500), b: 2 }))).toEqual([{ kind: 'config', path: 'a' }]);
  });

  test('without values it is named as a whole', () => {
    const { key } = value({ a: 2 });
    expect(diff(config({ a: 1 }), { config: { key } })).toEqual([{ kind: 'config', path: '' }]);
  });

  test('very many differences are one', () => {
    const many = (offset: number) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index + offset]));
    expect(diff(config(many(0)), config(many(1)))).toEqual([{ kind: 'config', path: '' }]);
  });

  test('a secret that counts is named and never shown', () => {
    const secret = (hmac: string) => ({ config: { ...value({ token: '(secret)' }), secrets: { token: hmac } } });
    expect(diff(secret('h1'), secret('h2'))).toEqual([{ kind: 'config', path: 'token' }]);
    expect(diff(config({ token: 'was in clear' }), config({ token: '(secret)' }))).toEqual([
      { kind: 'config', path: 'token' },
    ]);
  });
});

describe('inputs', () => {
  test('a literal differs by path', () => {
    const literal = (json: Parameters<typeof value>[0]) => inputs({ from: 'literal', literal: value(json) });
    expect(diff(literal({ k: 3 }), literal({ k: 5 }))).toEqual([
      { kind: 'literal', input: 'docs', path: 'k', before: 3, after: 5 },
    ]);
    expect(diff(literal(3), literal(5))).toEqual([{ kind: 'literal', input: 'docs', path: '', before: 3, after: 5 }]);
  });

  test('the same output under another version is an upstream change', () => {
    expect(diff(inputs(output('load', 'a')), inputs(output('load', 'b')))).toEqual([
      { kind: 'upstream', input: 'docs', step: 'load', output: 'result', before: sha256('a'), after: sha256('b') },
    ]);
  });

  test('the same version in another generation says both generations', () => {
    expect(diff(inputs(output('load', 'a')), inputs(output('load', 'a', { pub: 'p2' })))).toEqual([
      {
        kind: 'upstream',
        input: 'docs',
        step: 'load',
        output: 'result',
        before: sha256('a'),
        after: `${sha256('a')}+p2`,
      },
    ]);
  });

  test('another output of the step is a change of wiring', () => {
    expect(
      diff(inputs(output('split', 'a', { output: 'train' })), inputs(output('split', 'a', { output: 'test' }))),
    ).toEqual([{ kind: 'wiring', input: 'docs', before: 'split.train', after: 'split.test' }]);
  });

  test('another step of one op is another source while the first one exists, and a renamed one else', () => {
    const [before, after] = [record(inputs(output('load_1', 'a'))), record(inputs(output('load_2', 'b')))];
    const kinds = (hasStep: (id: string) => boolean) =>
      compareRecords(before, after, { codeChanges: noCodeChanges, hasStep }).map(({ kind }) => kind);
    expect(kinds((id) => id === 'load_1')).toEqual(['wiring']);
    expect(kinds(() => false)).toEqual(['upstream']);
    expect(kinds(() => false)).toEqual(diffRecords(before, after, noCodeChanges).map(({ kind }) => kind));
  });

  test('a renamed step with the version that it had is no change', () => {
    expect(diff(inputs(output('load_1', 'a')), inputs(output('load_2', 'a')))).toEqual([]);
  });

  test('inputs that change places are rewired, each', () => {
    const wired = (a: string, b: string) => ({ inputs: { a: output(a, a), b: output(b, b) } });
    expect(diff(wired('load_1', 'load_2'), wired('load_2', 'load_1'))).toEqual([
      { kind: 'wiring', input: 'a', before: 'load_1.result', after: 'load_2.result' },
      { kind: 'wiring', input: 'b', before: 'load_2.result', after: 'load_1.result' },
    ]);
  });

  test.each([
    { what: 'new', before: {}, after: inputs(output('load', 'a')), text: 'input docs is new (← load.result)' },
    { what: 'gone', before: inputs(output('load', 'a')), after: {}, text: 'input docs is gone (was ← load.result)' },
    {
      what: 'a value instead of an output',
      before: inputs(output('load', 'a')),
      after: inputs({ from: 'literal', literal: value(1) }),
      text: 'input docs ← a value instead of load.result',
    },
    {
      what: 'a list instead of an output',
      before: inputs(output('load', 'a')),
      after: list(upstream('load', 'a')),
      text: 'input docs ← list of 1 (load.result) instead of load.result',
    },
    {
      what: 'another external',
      before: inputs({ from: 'external', external: 'a', fingerprint: '1' }),
      after: inputs({ from: 'external', external: 'b', fingerprint: '1' }),
      text: 'input docs ← external b instead of external a',
    },
    {
      what: 'a changed external',
      before: inputs({ from: 'external', external: 'a', fingerprint: '1' }),
      after: inputs({ from: 'external', external: 'a', fingerprint: '2' }),
      text: 'external a changed',
    },
    {
      what: 'a changed item',
      before: inputs({ from: 'item', of: upstream('docs', 'a'), digest: '1' }),
      after: inputs({ from: 'item', of: upstream('docs', 'b'), digest: '2' }),
      text: 'input docs ← docs changed',
    },
  ])('says when an input is $what', ({ before, after, text }) => {
    expect(diff(before, after).map(describeChange)).toEqual([text]);
  });

  test('an item of a mapped step that stayed equal is no change, though its list changed', () => {
    expect(
      diff(
        inputs({ from: 'item', of: upstream('docs', 'a'), digest: '1' }),
        inputs({ from: 'item', of: upstream('docs', 'b'), digest: '1' }),
      ),
    ).toEqual([]);
  });
});

describe('lists', () => {
  test('an item with another version is an upstream change of its step', () => {
    expect(diff(list(upstream('a', '1'), upstream('b', '1')), list(upstream('a', '1'), upstream('b', '2')))).toEqual([
      { kind: 'upstream', input: 'docs', step: 'b', output: 'result', before: sha256('1'), after: sha256('2') },
    ]);
  });

  test('an item that came is named with its place, and so is one that went', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((step) => upstream(step, step)) as [
      UpstreamRecord,
      UpstreamRecord,
      UpstreamRecord,
    ];
    expect(diff(list(a, b), list(a, c, b))).toEqual([{ kind: 'wiring', input: 'docs', after: '[1] c.result' }]);
    expect(diff(list(a, c, b), list(a, b))).toEqual([{ kind: 'wiring', input: 'docs', before: '[1] c.result' }]);
  });

  test('items in another order are one change that names those that moved', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((step) => upstream(step, step)) as [
      UpstreamRecord,
      UpstreamRecord,
      UpstreamRecord,
    ];
    const changes = diff(list(a, b, c), list(b, a, c));
    expect(changes.map(describeChange)).toEqual([
      'input docs is in another order: a.result, b.result → b.result, a.result',
    ]);
  });

  test('values in a list differ by their place', () => {
    const values = (...items: number[]) => inputs({ from: 'list', items: items.map(value) });
    expect(diff(values(1, 2, 3), values(1, 9, 3))).toEqual([
      { kind: 'literal', input: 'docs', path: '1', before: 2, after: 9 },
    ]);
    expect(diff(values(1, 3), values(1, 2, 3))).toEqual([{ kind: 'literal', input: 'docs', path: '1', after: 2 }]);
  });

  test('many that came or went are one change', () => {
    const many = (count: number) => list(...Array.from({ length: count }, (_, index) => upstream(`s${index}`, 'x')));
    expect(diff(many(10), many(100)).map(describeChange)).toEqual([
      'input docs ← list of 100 (s0.result, s1.result, s2.result …) instead of list of 10 (s0.result, s1.result, s2.result …)',
    ]);
  });

  test('renamed steps in a list are followed', () => {
    const before = list(upstream('load_1', '1'), upstream('load_2', '2'));
    const after = list(upstream('load_7', '1'), upstream('load_8', '3'));
    expect(diff(before, after)).toEqual([
      { kind: 'upstream', input: 'docs', step: 'load_8', output: 'result', before: sha256('2'), after: sha256('3') },
    ]);
  });
});

describe('everything else', () => {
  test('resources differ by what is in them, and in those that they require', () => {
    const uses = (model: string, pool: string) => ({
      resources: {
        llm: resource('openai', { config: value({ model }), resources: { net: resource('http', { code: pool }) } }),
      },
    });
    expect(diff(uses('a', '1'), uses('b', '2'))).toEqual([
      {
        kind: 'resource',
        resource: 'openai',
        changes: [
          { kind: 'config', path: 'model', before: 'a', after: 'b' },
          {
            kind: 'resource',
            resource: 'http',
            changes: [{ kind: 'code', by: 'declared', before: '1', after: '2', changes: [] }],
          },
        ],
      },
    ]);
  });

  test.each([
    { before: {}, after: { db: resource('pg') }, text: 'resource pg is new (as db)' },
    { before: { db: resource('pg') }, after: {}, text: 'resource pg is gone (was db)' },
    {
      before: { db: resource('pg') },
      after: { db: resource('sqlite') },
      text: 'resource sqlite instead of pg (as db)',
    },
    {
      before: { db: resource('pg', { code: null }) },
      after: { db: resource('pg') },
      text: 'resource pg: declared version none → r1',
    },
  ])('says: $text', ({ before, after, text }) => {
    expect(diff({ resources: before }, { resources: after }).map(describeChange)).toEqual([text]);
  });

  test('environment variables are named without their digests', () => {
    expect(diff({ env: { A: 'd1', B: 'd' } }, { env: { A: 'd2', B: 'd' } })).toEqual([
      { kind: 'environment', variable: 'A' },
    ]);
    expect(diff({ env: { A: null } }, { env: { A: 'd2' } })).toEqual([{ kind: 'environment', variable: 'A' }]);
  });

  test('salts are shown', () => {
    expect(diff({ salt: 'a' }, { salt: 'b' }).map(describeChange)).toEqual(['salt "a" → "b"']);
    expect(diff({}, { salt: 'b' }).map(describeChange)).toEqual(['salt added: "b"']);
  });

  test('an `after` edge that came, went or leads to another version names its step', () => {
    const edges = (...steps: readonly UpstreamRecord[]) => ({ after: steps });
    expect(diff(edges(upstream('a', '1')), edges(upstream('a', '2')))).toEqual([{ kind: 'after', step: 'a' }]);
    expect(diff({}, edges(upstream('a', '2')))).toEqual([{ kind: 'after', step: 'a' }]);
    expect(
      diff(
        edges(upstream('a', '1'), upstream('b', '1')),
        edges(upstream('b', '1', { version: sha256('2') }), upstream('a', '1')),
      ),
    ).toEqual([{ kind: 'after', step: 'b' }]);
    expect(diff(edges(upstream('a', '1'), upstream('b', '2')), edges(upstream('b', '2'), upstream('a', '1')))).toEqual([
      { kind: 'after', step: 'a' },
      { kind: 'after', step: 'b' },
    ]);
  });

  test('changes come code first, then values, wiring and upstreams', () => {
    const before = {
      inputs: { a: output('load', '1'), b: output('x', '1') },
      env: { A: 'd1' },
      after: [upstream('q', '1')],
    };
    const after = {
      op: { code: '2' },
      inputs: { a: output('load', '2'), b: output('y', '1', { op: 'y', version: sha256('9') }) },
      env: { A: 'd2' },
      config: value({ k: 1 }),
    };
    expect(diff(before, after).map(({ kind }: Change) => kind)).toEqual([
      'code',
      'config',
      'environment',
      'wiring',
      'upstream',
      'after',
    ]);
  });
});

test('lists of 20,000 items are compared in time that grows with their length', () => {
  const items = Array.from({ length: 20_000 }, (_, index) => upstream(`s${index}`, 'x'));
  const changed = items
    .map((item, index) => (index % 1_000 === 0 ? { ...item, version: sha256('y') } : item))
    .reverse();
  const changes = diff(list(...items), list(...changed));
  expect(changes.filter(({ kind }) => kind === 'upstream')).toHaveLength(20);
  expect(changes.filter(({ kind }) => kind === 'wiring')).toHaveLength(1);
});
