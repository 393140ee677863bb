import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainStep } from '../../src/plan/explain.ts';
import type { Reason } from '../../src/plan/reason.ts';
import type { StepVersionRecord } from '../../src/versions/step-version-record.ts';
import { binding, explained, type JobState, stateOf, type WrittenStep } from './explained-job.ts';

const step = (id: string, reads: readonly number[] = [], edit = 0): WrittenStep => ({ id, reads, edit });
const edited = (steps: readonly WrittenStep[], ...ids: readonly string[]): readonly WrittenStep[] =>
  steps.map((written) => (ids.includes(written.id) ? { ...written, edit: written.edit + 1 } : written));

const training = [step('load'), step('split', [0]), step('chunk', [0]), step('embed', [2]), step('fit', [3, 1])];
const FIT = 4;

const jobs: fc.Arbitrary<readonly WrittenStep[]> = fc
  .array(fc.record({ reads: fc.array(fc.nat(30), { maxLength: 3 }), after: fc.array(fc.nat(30), { maxLength: 1 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((drawn) =>
    drawn.map(({ reads, after }, index) => ({
      id: `s${index}`,
      edit: 0,
      reads: index === 0 ? [] : reads.map((read) => read % index),
      ...(index === 0 || after.length === 0 ? {} : { after: after.map((read) => read % index) }),
    })),
  );
const edits = fc.infiniteStream(fc.boolean());

describe('for any job and any edits', () => {
  test('the root causes of a step are the edited steps above it and itself', () => {
    fc.assert(
      fc.property(jobs, edits, (written, draw) => {
        const now = written.map((one) => ({ ...one, edit: Number(draw.next().value) }));
        const source = explained(stateOf(written), stateOf(now));
        for (const index of now.keys()) {
          const { rootCauses } = explainStep(source, index);
          expect(rootCauses.map((cause) => cause.step)).toEqual(editedAbove(now, index));
          for (const { step, change, path } of rootCauses) {
            expect(change).toEqual({ kind: 'config', path: 'edit', before: 0, after: 1 });
            expectPath(now, path, [step, now[index]?.id ?? '']);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('they are the same where steps below an edit are decided while running', () => {
    fc.assert(
      fc.property(jobs, edits, (written, draw) => {
        const now = written.map((one) => ({ ...one, edit: Number(draw.next().value) }));
        const [before, after] = [stateOf(written), stateOf(now)];
        const source = explained(before, after);
        const changedAbove = (index: number): number | undefined =>
          [...(now[index]?.reads ?? []), ...(now[index]?.after ?? [])].find(
            (above) => before.versions[above] !== after.versions[above],
          );
        const waiting = explained(before, after, {
          action: (index) =>
            source.action(index) === 'run' && changedAbove(index) !== undefined ? 'pending' : source.action(index),
          reasons: (index) => {
            const above = changedAbove(index);
            return above === undefined ? source.reasons(index) : [{ code: 'needed-if', step: `s${above}` }];
          },
        });
        for (const index of now.keys()) {
          expect(explainStep(waiting, index).rootCauses.map((cause) => cause.step)).toEqual(editedAbove(now, index));
        }
      }),
      { numRuns: 150 },
    );
  });
});

function editedAbove(steps: readonly WrittenStep[], index: number): readonly string[] {
  const above = new Set([index]);
  for (let at = index; at >= 0; at--)
    if (above.has(at)) for (const read of [...(steps[at]?.reads ?? []), ...(steps[at]?.after ?? [])]) above.add(read);
  return steps.filter((one, at) => above.has(at) && one.edit === 1).map(({ id }) => id);
}

function expectPath(
  steps: readonly WrittenStep[],
  path: readonly string[],
  [from, to]: readonly [string, string],
): void {
  expect([path[0], path.at(-1)]).toEqual([from, to]);
  for (const [at, id] of path.slice(1).entries()) {
    const { reads, after } = steps.find((one) => one.id === id) as WrittenStep;
    expect([...reads, ...(after ?? [])].map((read) => steps[read]?.id)).toContain(path[at]);
  }
}

describe('an explanation', () => {
  test('names the step, its version, and what it is compared with', () => {
    const [before, now] = [stateOf(training), stateOf(edited(training, 'chunk'))];
    expect(explainStep(explained(before, now), FIT)).toEqual({
      step: 'fit',
      op: 'op-fit',
      action: 'run',
      version: now.versions[FIT],
      against: { run: '41', when: Date.UTC(2026, 4, 1, 10), step: 'fit', version: before.versions[FIT] },
      reasons: [{ code: 'changed', changes: [expect.objectContaining({ kind: 'upstream', step: 'embed' })] }],
      rootCauses: [
        {
          step: 'chunk',
          reason: { code: 'changed', changes: [expect.anything()] },
          change: { kind: 'config', path: 'edit', before: 0, after: 1 },
          path: ['chunk', 'embed', 'fit'],
        },
      ],
    });
  });

  test('is JSON with paths', () => {
    const explanation = explainStep(explained(stateOf(training), stateOf(edited(training, 'load'))), FIT);
    expect(JSON.parse(JSON.stringify(explanation)).rootCauses[0].path).toEqual(['load', 'split', 'fit']);
  });

  test('of a re-used step has no causes', () => {
    const state = stateOf(training);
    const explanation = explainStep(explained(state, state), FIT);
    expect(explanation.rootCauses).toEqual([]);
    expect(String(explanation)).toBe(
      `fit is reused. Nothing differs from run 41 (2026-05-01 10:00 UTC, version ${state.versions[FIT]?.slice(0, 8)}…).`,
    );
  });

  test('merges a cause that is reached in two ways, and gives a shortest way', () => {
    const { rootCauses } = explainStep(explained(stateOf(training), stateOf(edited(training, 'load', 'fit'))), FIT);
    expect(rootCauses.map(({ path }) => path)).toEqual([['load', 'split', 'fit'], ['fit']]);
  });

  test('asks for the code changes of a step above', () => {
    const [before, now] = [stateOf(training), stateOf(training)];
    const change = { what: 'function', name: 'chunk()', how: 'changed' as const };
    const recoded: JobState = withCode(now, 2, '2');
    const source = explained(before, recoded, { codeChanges: () => [change] });
    expect(explainStep(source, FIT).rootCauses).toMatchObject([
      { step: 'chunk', change: { kind: 'code', changes: [change] } },
    ]);
  });
});

/** The state with another code version of one step, and the versions that follow. */
function withCode({ steps, records }: JobState, index: number, code: string): JobState {
  const changed = records.map((one, at) => (at === index ? { ...one, op: { ...one.op, code } } : one));
  const versions: string[] = [];
  const followed = stateOf(steps.map((one, at) => (at === index ? { ...one, edit: 99 } : one)));
  versions.push(...followed.versions);
  const replaced = followed.records.map((one, at) => (at === index ? (changed[at] as StepVersionRecord) : one));
  return { steps, records: replaced, versions };
}

describe('causes that are no changes', () => {
  const state = stateOf(training);
  const embed = 3;
  const waitingFor = (reason: Reason) =>
    explained(state, state, {
      action: (index) => (index === embed ? 'run' : index === FIT ? 'pending' : 'reuse'),
      reasons: (index) => (index === embed ? [reason] : index === FIT ? [{ code: 'needed-if', step: 'embed' }] : []),
    });

  test.each<Reason>([
    { code: 'missing', outputs: ['result'] },
    { code: 'damaged', outputs: ['result'] },
    { code: 'expired', ageMs: 2_000, maxAgeMs: 1_000 },
    { code: 'refreshed', by: 'run' },
    { code: 'volatile', because: 'memo-off' },
    { code: 'memo-off' },
  ])('of a step above are found where it will run: $code', (reason) => {
    expect(explainStep(waitingFor(reason), FIT).rootCauses).toEqual([
      { step: 'embed', reason, path: ['embed', 'fit'] },
    ]);
    expect(explainStep(waitingFor(reason), embed).rootCauses).toEqual([{ step: 'embed', reason, path: ['embed'] }]);
  });

  test('a new step above is one itself, and a change of wiring below', () => {
    const grown = stateOf([
      step('new'),
      ...training.map((one) => ({ ...one, reads: one.id === 'fit' ? [0] : one.reads.map((read) => read + 1) })),
    ]);
    const { rootCauses } = explainStep(explained(state, grown), 5);
    expect(rootCauses).toMatchObject([
      { step: 'fit', change: { kind: 'wiring' } },
      { step: 'fit', change: { kind: 'wiring' } },
    ]);
    expect(explainStep(explained(state, grown), 0).rootCauses).toEqual([
      { step: 'new', reason: { code: 'first-run' }, path: ['new'] },
    ]);
  });

  test('a step above that never ran is one for steps that wait for it', () => {
    const reason: Reason = { code: 'first-run' };
    const source = waitingFor(reason);
    const { rootCauses } = explainStep({ ...source, nearest: () => undefined, bindingOf: () => undefined }, FIT);
    expect(rootCauses).toEqual([{ step: 'embed', reason, path: ['embed', 'fit'] }]);
  });

  test('a step above that gave something else under its version is one', () => {
    const version = state.versions[embed] as string;
    const change = {
      kind: 'upstream',
      input: 'in0',
      step: 'embed',
      output: 'result',
      before: version,
      after: `${version}+p2`,
    } as const;
    const source = explained(state, state, {
      action: (index) => (index === FIT ? 'run' : 'reuse'),
      record: (index) => (index === FIT ? undefined : state.records[index]),
      reasons: (index) => (index === FIT ? [{ code: 'changed', changes: [change] }] : []),
    });
    expect(explainStep(source, FIT).rootCauses).toEqual([
      { step: 'embed', reason: { code: 'upstream-rebound', step: 'embed' }, path: ['embed', 'fit'] },
    ]);
  });

  test('a step without anything known about what changed is named with the change that led there', () => {
    const source = explained(state, stateOf(edited(training, 'embed')), {
      bindingOf: () => undefined,
      reasons: (index) => (index === FIT ? [{ code: 'changed', changes: [] }] : []),
    });
    expect(explainStep(source, FIT).rootCauses).toMatchObject([
      { step: 'embed', change: { kind: 'upstream', step: 'embed' } },
    ]);
  });

  test('steps that wait for each other end with what they say', () => {
    const source = explained(state, state, {
      action: () => 'pending',
      reasons: (index) => [{ code: 'needed-if', step: index === FIT ? 'embed' : 'fit' }],
    });
    expect(explainStep(source, FIT).rootCauses).toMatchObject([
      { step: 'fit', reason: { code: 'needed-if', step: 'embed' } },
    ]);
  });

  test('a skipped step says why', () => {
    const source = explained(state, state, { action: () => 'skip', reasons: () => [{ code: 'not-needed' }] });
    expect(String(explainStep(source, FIT))).toBe('fit is skipped.\n└─ fit  everything that reads it is reused');
  });
});

describe('bindings from a store', () => {
  const [before, now] = [stateOf(training), stateOf(edited(training, 'chunk'))];

  test.each([
    { what: 'of another shape', damage: { record: { schema: 'memo.step-version/1', op: null } } },
    { what: 'of another schema', damage: { record: { schema: 'memo.step-version/7' } } },
    { what: 'without a run', damage: { run: 7, record: null } },
  ])('$what are no earlier results', ({ damage }) => {
    const bad = {
      ...binding({ step: 'fit', record: before.records[FIT] as StepVersionRecord, stepVersion: 'x' }),
      ...damage,
    } as never;
    const source = explained(before, now, { nearest: () => bad, bindingOf: () => bad });
    const explanation = explainStep(source, FIT);
    expect(explanation.rootCauses.length).toBeGreaterThan(0);
    expect(String(explanation)).toMatch(/^fit will run\./);
  });

  test('cannot move the cursor', () => {
    const bound = binding({
      step: 'fit\u001b[2J',
      run: '4\r1',
      record: before.records[FIT] as StepVersionRecord,
      stepVersion: '\n',
    });
    const text = String(explainStep(explained(before, now, { nearest: () => bound }), FIT));
    expect(text.split('\n')[0]).toBe(
      'fit will run. Compared with step fit\\u001b[2J in run 4\\u000d1 (2026-05-01 10:00 UTC, version \\n…):',
    );
  });
});

describe('the text', () => {
  test('puts root causes first, each with its way', () => {
    const source = explained(stateOf(training), stateOf(edited(training, 'load', 'chunk', 'fit')));
    const version = stateOf(training).versions[FIT]?.slice(0, 8);
    expect(String(explainStep(source, FIT))).toBe(
      [
        `fit will run. Compared with run 41 (2026-05-01 10:00 UTC, version ${version}…):`,
        '├─ load   config `edit` 0 → 1  → split → fit',
        '├─ chunk  config `edit` 0 → 1  → embed → fit',
        '└─ fit    config `edit` 0 → 1',
      ].join('\n'),
    );
  });

  test('shows 12 causes and counts the others', () => {
    const many = [
      ...Array.from({ length: 43 }, (_, index) => step(`s${index}`)),
      step(
        'sink',
        Array.from({ length: 43 }, (_, index) => index),
      ),
    ];
    const source = explained(stateOf(many), stateOf(edited(many, ...many.map(({ id }) => id).slice(0, 43))));
    const lines = String(explainStep(source, 43)).split('\n');
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)).toBe('└─ … 31 more');
  });

  test('says when there is nothing to compare with', () => {
    const state = stateOf(training);
    const source = explained(state, stateOf(edited(training, 'fit')), {
      nearest: () => undefined,
      reasons: () => [{ code: 'first-run' }],
    });
    expect(String(explainStep(source, FIT))).toBe(
      'fit will run. There is no earlier result of its op to compare with.\n└─ fit  first run',
    );
  });
});

describe('size', () => {
  const chainOf = (length: number) =>
    Array.from({ length }, (_, index) => step(`s${index}`, index === 0 ? [] : [index - 1]));
  /** Versions that cost nothing: only that they differ counts here. */
  const numbered = (round: number) => (_: StepVersionRecord, index: number) => `${round}${index}`.padStart(64, '0');

  test('a chain of 20,000 steps is followed to its beginning', () => {
    const chain = chainOf(20_000);
    const [before, now] = [stateOf(chain, numbered(1)), stateOf(edited(chain, 's0'), numbered(2))];
    const explanation = explainStep(explained(before, now, { reasons: () => [] }), 19_999);
    expect(explanation.rootCauses).toHaveLength(1);
    expect(explanation.rootCauses[0]?.path).toHaveLength(20_000);
    expect(String(explanation).split('\n')[1]).toBe(
      '└─ s0  config `edit` 0 → 1  → s1 → s2 → 19,995 more → s19998 → s19999',
    );
  });

  test('a chain in which every step changed costs no more than its length', () => {
    const chain = chainOf(20_000);
    const now = chain.map((one) => ({ ...one, edit: 1 }));
    const source = explained(stateOf(chain, numbered(1)), stateOf(now, numbered(2)), { reasons: () => [] });
    expect(explainStep(source, 19_999).rootCauses).toHaveLength(20_000);
  });

  test('each step of a ladder of diamonds is looked at once', () => {
    const ladder = Array.from({ length: 4_000 }, (_, index) =>
      step(`s${index}`, index < 2 ? [] : [index - (index % 2) - 2, index - (index % 2) - 1]),
    );
    const looked: number[] = [];
    const now = stateOf(edited(ladder, 's0', 's1'));
    const source = explained(stateOf(ladder), now, {
      record: (index) => {
        looked.push(index);
        return now.records[index];
      },
    });
    expect(explainStep(source, 3_999).rootCauses.map(({ step }) => step)).toEqual(['s0', 's1']);
    expect(looked).toHaveLength(new Set(looked).size);
  });
});
