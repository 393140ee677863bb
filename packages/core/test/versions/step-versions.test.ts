import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JOB, makeJob } from '../../src/job.ts';
import { versionOfRecord } from '../../src/versions/record-key.ts';
import type { StepVersions } from '../../src/versions/step-versions.ts';
import { cases } from '../support/cases.ts';
import { applyEdit } from '../support/job-edit.ts';
import { type WiredJob, wire } from '../support/job-model.ts';
import { makeModelJob } from '../support/model-job.ts';
import { plannedJob } from '../support/planned-job.ts';
import { edits, randomJobs } from '../support/random-job.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';
import { versionKeys } from '../support/version-key.ts';
import { World } from '../support/world.ts';

async function versionsOf(wired: WiredJob, name = 'model'): Promise<StepVersions> {
  const store = openSharedStore(new SharedStorage(), { traits: FULL_STORE, prefix: 'store' });
  const { [JOB]: internals } = makeModelJob(wired, new World(), { default: store, other: store });
  const renamed = makeJob({ ...internals, definition: { ...internals.definition, name } });
  const { memoized } = await plannedJob(renamed);
  if (memoized === undefined) throw new Error('is not memoized');
  return memoized.stored.versions;
}

/** The versions of the steps of a job by step number; planning may have put the steps into another order. */
async function namedVersions(wired: WiredJob, name?: string): Promise<readonly (string | undefined)[]> {
  const versions = await versionsOf(wired, name);
  return wired.steps.map(({ index }) => versions.version(index));
}

test('the version of a step is the version of its record', async () => {
  await fc.assert(
    fc.asyncProperty(randomJobs({ chance: false }), async (model) => {
      const wired = wire(model);
      const versions = await versionsOf(wired);
      for (const { index } of wired.steps) {
        const record = versions.record(index);
        expect(record && versionOfRecord(record)).toBe(versions.version(index));
      }
    }),
    cases(150),
  );
});

test('steps have one version exactly where everything that their results depend on is the same, before and after edits', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: false }),
      fc.array(edits, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('model', 'other'),
      async (model, changes, name) => {
        const [before, after] = [wire(model), wire(changes.reduce(applyEdit, model))];
        const versions = [...(await namedVersions(before)), ...(await namedVersions(after, name))];
        const keys = [...versionKeys(before, 'model'), ...versionKeys(after, name)];
        expect(partition(versions)).toEqual(partition(keys));
      },
    ),
    cases(150),
  );
});

test('versions are digests: 64 hexadecimal digits', async () => {
  await fc.assert(
    fc.asyncProperty(randomJobs({ chance: false, volatile: false }), async (model) => {
      for (const version of await namedVersions(wire(model))) expect(version).toMatch(/^[0-9a-f]{64}$/);
    }),
    cases(20),
  );
});

/** For each text, the place of the first one that equals it. */
function partition(texts: readonly (string | undefined)[]): readonly (number | undefined)[] {
  return texts.map((text) => (text === undefined ? undefined : texts.indexOf(text)));
}
