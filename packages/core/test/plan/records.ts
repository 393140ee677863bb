import fc from 'fast-check';
import type { Json } from '../../src/definitions/version-strategy.ts';
import { sha256 } from '../../src/hash/digest.ts';
import { encodeKey } from '../../src/hash/key-encoding.ts';

import type {
  InputRecord,
  ResourceRecord,
  StepVersionRecord,
  UpstreamRecord,
  ValueRecord,
} from '../../src/versions/step-version-record.ts';

export const value = (json: Json): ValueRecord => ({ key: encodeKey(json), value: json });

export const upstream = (step: string, content: string, more: Partial<UpstreamRecord> = {}): UpstreamRecord => ({
  step,
  op: step.replace(/_\d+$/, ''),
  output: 'result',
  version: sha256(content),
  ...more,
});

export const output = (step: string, content: string, more: Partial<UpstreamRecord> = {}): InputRecord => ({
  from: 'output',
  output: upstream(step, content, more),
});

export const resource = (name: string, more: Partial<ResourceRecord> = {}): ResourceRecord => ({
  name,
  code: 'r1',
  by: 'declared',
  config: value({}),
  resources: {},
  ...more,
});

type RecordParts = Partial<Omit<StepVersionRecord, 'op'>> & { readonly op?: Partial<StepVersionRecord['op']> };

export const record = ({ op, ...more }: RecordParts = {}): StepVersionRecord => ({
  schema: 'memo.step-version/1',
  op: { namespace: 'app', name: 'fit', code: '1', by: 'declared', ...op },
  config: value({}),
  resources: {},
  inputs: {},
  ...more,
});

const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    few<Json>(null, true, 0, 1, 'a', '', '(secret)'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(few('a', 'b', 'x.y', '__proto__'), tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).json;
const versions = few('v1', 'v2').map((text) => sha256(text));
const values: fc.Arbitrary<ValueRecord> = fc
  .record({
    json,
    isShown: fc.boolean(),
    secrets: fc.option(fc.dictionary(few('a', 'b'), few('h1', 'h2'), { minKeys: 1 }), { nil: undefined }),
  })
  .map(({ json, isShown, secrets }) => ({
    key: encodeKey(json),
    ...(isShown ? { value: json } : {}),
    ...(secrets === undefined ? {} : { secrets }),
  }));
const upstreams: fc.Arbitrary<UpstreamRecord> = fc
  .record({
    step: few('load_1', 'load_2', 'clean'),
    output: few('result', 'train'),
    version: versions,
    pub: few(undefined, 'p1', 'p2'),
    form: few(undefined, 'step' as const, 'content' as const),
  })
  .map(({ step, output, version, pub, form }) => {
    const names = { step, op: step.replace(/_\d+$/, ''), output };
    if (form === 'content') return { ...names, version: sha256(`${version}${output}`), form };
    return { ...names, version, ...(pub === undefined ? {} : { pub }), ...(form === undefined ? {} : { form }) };
  });
const inputs: fc.Arbitrary<InputRecord> = fc.oneof(
  fc.record({ from: few('output' as const), output: upstreams }),
  fc.record({ from: few('literal' as const), literal: values }),
  fc.record({ from: few('list' as const), items: fc.array(fc.oneof(upstreams, values), { maxLength: 5 }) }),
  fc.record({ from: few('external' as const), external: few('file', 'table'), fingerprint: few('f1', 'f2') }),
  fc.record({ from: few('item' as const), of: upstreams, digest: few('d1', 'd2') }),
);
const resources: fc.Arbitrary<StepVersionRecord['resources']> = fc.letrec<{ all: StepVersionRecord['resources'] }>(
  (tie) => ({
    all: fc.dictionary(
      few('db', 'llm'),
      fc.record({
        name: few('db', 'db2'),
        code: few('r1', 'r2', null),
        by: few('declared', 'git@1'),
        config: values,
        resources: fc.oneof({ maxDepth: 2 }, fc.constant({}), tie('all')),
      }),
      { maxKeys: 2, noNullPrototype: true },
    ),
  }),
).all;

/** Records as planning makes them: no part is there and empty. */
export const records: fc.Arbitrary<StepVersionRecord> = fc
  .record({
    op: fc.record({
      namespace: few('app', ''),
      name: few('fit', 'app/fit'),
      code: few('1', '2'),
      by: few('declared', 'git@1'),
    }),
    config: values,
    resources,
    inputs: fc.dictionary(few('docs', 'k', '__proto__'), inputs, { maxKeys: 3, noNullPrototype: true }),
    after: fc.option(fc.array(upstreams, { minLength: 1, maxLength: 4 }), { nil: undefined }),
    env: fc.option(fc.dictionary(few('HOME', 'LANG'), few('e1', 'e2', null), { minKeys: 1, noNullPrototype: true }), {
      nil: undefined,
    }),
    salt: few(undefined, 's1', 's2'),
    effect: few(undefined, { job: 'j', step: 'a' }, { job: 'j', step: 'b' }),
  })
  .map(({ after, env, salt, effect, ...parts }) => ({
    schema: 'memo.step-version/1',
    ...parts,
    ...(after === undefined ? {} : { after }),
    ...(env === undefined ? {} : { env }),
    ...(salt === undefined ? {} : { salt }),
    ...(effect === undefined ? {} : { effect }),
  }));

/** Two records that differ in few places, often in none that counts. */
export const recordPairs: fc.Arbitrary<readonly [StepVersionRecord, StepVersionRecord]> = fc
  .tuple(
    records,
    records,
    fc.array(few('op', 'config', 'resources', 'inputs', 'after', 'env', 'salt', 'effect'), { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([before, other, parts, renames]) => {
    const after: Record<string, unknown> = { ...structuredClone(before) };
    for (const part of parts) {
      const replacement = other[part as keyof StepVersionRecord];
      if (replacement === undefined) delete after[part];
      else after[part] = replacement;
    }
    return [before, renames ? renamed(after as unknown as StepVersionRecord) : (after as unknown as StepVersionRecord)];
  });

/** The same record with other step ids: they are not in the key. */
function renamed(record: StepVersionRecord): StepVersionRecord {
  return JSON.parse(
    JSON.stringify(record, (key, field: unknown) =>
      key === 'step' && field !== 'a' && field !== 'b' ? `new-${String(field)}` : field,
    ),
  );
}
