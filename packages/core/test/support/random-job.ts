import fc from 'fast-check';
import type { JobEdit } from './job-edit.ts';
import type {
  AfterModel,
  InputModel,
  ItemModel,
  JobModel,
  Keeper,
  OpModel,
  OutputModel,
  ResourceModel,
  StepModel,
} from './job-model.ts';

/** What random jobs may have. */
export interface JobTraits {
  /** Ops that give something else when they are executed again. */
  readonly chance: boolean;
  /** Ops that always run. Default: may be there. */
  readonly volatile?: boolean;
  /** Ops whose attempts may time out. Default: none. */
  readonly timeouts?: boolean;
  readonly most?: number;
}

/** Random jobs of 1 to `most` steps (default: 12). */
export function randomJobs({
  chance,
  volatile = true,
  timeouts = false,
  most = 12,
}: JobTraits): fc.Arbitrary<JobModel> {
  return record({
    ops: fc.array(ops({ chance, volatile, timeouts }), { minLength: 1, maxLength: 8 }),
    resources: fc.array(resources, { maxLength: 3 }),
    steps: fc.array(steps, { minLength: 1, maxLength: most, size: 'max' }),
  });
}

/** Ordinary objects, so that counterexamples can be read. */
export function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true });
}

const at = fc.nat({ max: 99 });
const few = fc.nat({ max: 2 });
const keeper: fc.Arbitrary<Keeper> = fc.constantFrom('default', 'default', 'other');

/** False in all but one of `n` cases, and false when shrunk. */
const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat({ max: n - 1 }).map((number) => number === n - 1);

const output: fc.Arbitrary<OutputModel> = record({ optional: oneIn(3), io: keeper });

function ops({ chance, volatile, timeouts }: Required<Omit<JobTraits, 'most'>>): fc.Arbitrary<OpModel> {
  const kinds = volatile
    ? (['plain', 'plain', 'plain', 'plain', 'effect', 'volatile'] as const)
    : (['plain', 'effect'] as const);
  return record({
    code: few,
    outputs: fc.oneof(
      { weight: 3, arbitrary: fc.constant('single' as const) },
      { weight: 2, arbitrary: fc.array(output, { maxLength: 3 }) },
    ),
    kind: fc.constantFrom(...kinds),
    chance: chance ? fc.constantFrom(0, 1, 1, 2) : fc.constant(0),
    coarse: fc.constantFrom(0, 0, 0, 1, 2),
    resources: fc.array(at, { maxLength: 2 }),
    io: keeper,
    expires: oneIn(8),
    flaky: oneIn(10),
    later: fc.boolean(),
    hurried: timeouts ? oneIn(4) : fc.constant(false),
  });
}

const resources: fc.Arbitrary<ResourceModel> = record({
  code: few,
  config: few,
  uses: fc.array(at, { maxLength: 2 }),
});

const item: fc.Arbitrary<ItemModel> = fc.oneof(
  { weight: 1, arbitrary: record({ kind: fc.constant('literal' as const), value: few }) },
  { weight: 4, arbitrary: record({ kind: fc.constant('output' as const), at }) },
);

const input: fc.Arbitrary<InputModel> = fc.oneof(
  { weight: 4, arbitrary: item },
  { weight: 1, arbitrary: record({ kind: fc.constant('list' as const), items: fc.array(item, { maxLength: 4 }) }) },
);

const after: fc.Arbitrary<AfterModel> = record({ step: at, by: fc.constantFrom('reference', 'id') });

const steps: fc.Arbitrary<StepModel> = record({
  op: at,
  id: fc.constant(undefined),
  inputs: fc.array(input, { maxLength: 3 }),
  after: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(after, { maxLength: 2 }) },
  ),
  config: few,
  salt: fc.constantFrom(0, 0, 0, 1),
  returned: fc.boolean(),
  twinOf: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: at }),
});

/** Random edits of any job. */
export const edits: fc.Arbitrary<JobEdit> = fc.oneof(
  record({ kind: fc.constant('code' as const), op: at, to: few }),
  record({ kind: fc.constant('move' as const), op: at, to: keeper }),
  record({ kind: fc.constant('config' as const), step: at, to: few }),
  record({ kind: fc.constant('salt' as const), step: at, to: few }),
  record({ kind: fc.constant('input' as const), step: at, input: at, to: input }),
  record({ kind: fc.constant('swap' as const), step: at }),
  record({ kind: fc.constant('reverse' as const), step: at }),
  record({ kind: fc.constant('after' as const), step: at, other: fc.option(at, { nil: undefined }) }),
  record({ kind: fc.constant('resource-code' as const), resource: at, to: few }),
  record({ kind: fc.constant('resource-config' as const), resource: at, to: few }),
  record({ kind: fc.constant('rename' as const), step: at, to: fc.option(few, { nil: undefined }) }),
);
