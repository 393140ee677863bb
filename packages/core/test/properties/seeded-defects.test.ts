import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { ComputedMeanwhile } from '../../src/execution/computed-meanwhile.ts';
import { EarlierLives } from '../../src/execution/earlier-life.ts';
import { OutputCopies } from '../../src/execution/output-copies.ts';
import { RunLedger } from '../../src/execution/run-ledger.ts';
import { StepStates } from '../../src/execution/step-states.ts';
import { StoredSteps } from '../../src/plan/stored-steps.ts';
import type { Binding } from '../../src/records/binding.ts';
import type { BindingEntry } from '../../src/records/binding-entry.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { BindingTable } from '../../src/records/binding-table.ts';
import { StepVersions } from '../../src/versions/step-versions.ts';
import type { KnownContents } from '../../src/versions/version-inputs.ts';
import {
  absenceIsRemembered,
  changesAreFollowed,
  changesEnd,
  damagedContentIsFollowed,
  effectsAreFollowed,
  forcedContentStays,
  lostContentIsNotMixed,
  movedValuesAreThere,
  oneContentWins,
  onlyTheSameIsAdopted,
  recordsComeLast,
  twinsAreOne,
} from '../support/engine-facts.ts';
import { FaultPoints } from '../support/fault-points.ts';
import { RACES, type Race, tryRace } from '../support/two-writers.ts';
import { minimality } from './minimality-property.ts';
import { oneExecution } from './one-execution-property.ts';

/*
 * Each defect is put into the engine while a property is tried or a fact checked, and that has to find it. What cannot be found by any test is
 * not held by any.
 */

interface Defect {
  readonly name: string;
  readonly sow: () => void;
  /** Fails where the defect is. */
  readonly find: () => Promise<unknown>;
}

/** Tries a property until it fails. */
const trying = (property: fc.IAsyncProperty<never>) => async (): Promise<void> => {
  const { failed, errorInstance } = await fc.check(property, { numRuns: MOST_CASES, endOnFailure: true });
  if (failed) throw errorInstance;
};
const MOST_CASES = 2_000;

const FACTS = [
  absenceIsRemembered,
  changesAreFollowed,
  changesEnd,
  damagedContentIsFollowed,
  effectsAreFollowed,
  forcedContentStays,
  lostContentIsNotMixed,
  movedValuesAreThere,
  oneContentWins,
  onlyTheSameIsAdopted,
  recordsComeLast,
  twinsAreOne,
];

const DEFECTS: readonly Defect[] = [
  defect('presence decides alone: what was pinned is forgotten at the next plan', forcedContentStays, () => {
    const { refresh } = BindingLog.prototype;
    vi.spyOn(BindingLog.prototype, 'refresh').mockImplementation(async function (this: BindingLog) {
      await refresh.call(this);
      this.pins.clear();
    });
  }),
  defect('records are lost as they are written', trying(minimality as never), () => {
    vi.spyOn(BindingLog.prototype, 'append').mockReturnValue(undefined);
  }),
  defect('values are stored after their record', recordsComeLast, () => {
    const { effect } = FaultPoints.prototype;
    const delayed: (() => void)[] = [];
    vi.spyOn(FaultPoints.prototype, 'effect').mockImplementation(function (this: FaultPoints, name, act, tear) {
      if (name.startsWith('store ')) return void delayed.push(() => effect.call(this, name, act, tear)) as never;
      const result = effect.call(this, name, act, tear);
      if (name.startsWith('append ')) for (const store of delayed.splice(0)) store();
      return result as never;
    });
  }),
  defect('whatever lies at an address is taken for what its record names', racing('a value that is lost'), () => {
    const { address } = RunLedger.prototype;
    vi.spyOn(RunLedger.prototype, 'see').mockReturnValue(true);
    vi.spyOn(RunLedger.prototype, 'digestLater').mockReturnValue(() => undefined);
    vi.spyOn(RunLedger.prototype, 'address').mockImplementation(function (this: RunLedger, index, output) {
      return { ...address.call(this, index, output), digest: undefined };
    });
  }),
  defect('what others have consumed is not looked at', onlyTheSameIsAdopted, () => {
    changeFound((entry) => ({ ...changed(entry, { consumed: {} }), isContested: entry.isContested }));
  }),
  defect(
    'of two contents of one version the newer counts',
    racing('a value that is lost, and two steps that read it, each asked for by one'),
    () => {
      changeFound((entry) => changed(entry, {}));
    },
  ),
  defect('who commits second wins too', oneContentWins, () => {
    vi.spyOn(BindingLog.prototype, 'commit').mockImplementation((mine) => Promise.resolve(mine));
  }),
  defect('what consumers remember of a lost value is ignored', lostContentIsNotMixed, () => {
    vi.spyOn(EarlierLives.prototype, 'pub').mockReturnValue(undefined);
  }),
  defect('what is below a new generation stays as it is', damagedContentIsFollowed, () => {
    vi.spyOn(StepStates.prototype, 'reset').mockReturnValue(undefined);
  }),
  defect('twins are computed twice', twinsAreOne, () => {
    vi.spyOn(ComputedMeanwhile.prototype, 'sees').mockReturnValue(false);
  }),
  defect('the content of inputs is not looked at', changesAreFollowed, () =>
    changeContents(() => ({ digestOf: () => 'same' })),
  ),
  defect('what a step comes after is not looked at', effectsAreFollowed, () =>
    changeContents(() => ({ ranAs: () => ({ step: 's', op: 'op', output: '', version: '0'.repeat(64) }) })),
  ),
  defect('nothing is ever cut off', changesEnd, () => {
    vi.spyOn(StoredSteps.prototype, 'knowsCode').mockReturnValue(false);
  }),
  defect('an alias stands for an alias', changesEnd, () => {
    const { executionsOn } = StoredSteps.prototype;
    vi.spyOn(StoredSteps.prototype, 'executionsOn').mockImplementation(function (this: StoredSteps, key) {
      const found = executionsOn.call(this, key);
      const alias = found.find(({ isAlias }) => isAlias);
      return alias === undefined ? found : [changed(alias, { of: alias.stepVersion })];
    });
  }),
  defect('the age of an alias counts from when it was made', changesEnd, () => {
    const { executionsOn } = StoredSteps.prototype;
    vi.spyOn(StoredSteps.prototype, 'executionsOn').mockImplementation(function (this: StoredSteps, key) {
      return executionsOn.call(this, key).map((entry) => changed(entry, { when: Date.UTC(2026, 0, 1) + 40_000 }));
    });
  }),
  defect('versions do not follow what a run learns', trying(oneExecution as never), () => {
    vi.spyOn(StepVersions.prototype, 'outdate').mockReturnValue(undefined);
    vi.spyOn(StepVersions.prototype, 'resolve').mockImplementation(function (this: StepVersions, index) {
      return this.version(index);
    });
  }),
  defect('what another manager holds is re-used, and copied nowhere', movedValuesAreThere, () => {
    vi.spyOn(OutputCopies.prototype, 'copy').mockResolvedValue(undefined);
  }),
  defect('what was left out counts as there', absenceIsRemembered, () => {
    vi.spyOn(StoredSteps.prototype, 'isAbsent').mockReturnValue(false);
  }),
];

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(FACTS)('%o holds where there is no defect', async (fact) => {
  await fact();
});

test.each(DEFECTS)(
  'is found: $name',
  async ({ sow, find }) => {
    sow();
    await expect(find()).rejects.toThrow();
  },
  60_000,
);

function defect(name: string, find: Defect['find'], sow: () => void): Defect {
  return { name, sow, find };
}

/** Every course of a race, with one switch. */
function racing(name: string): Defect['find'] {
  const race = RACES.find((other) => other.name === name) as Race;
  return () => tryRace(race, 1);
}

/** What is found of a version in the records says something else. */
function changeFound(change: (entry: BindingEntry) => BindingEntry): void {
  const { find } = BindingTable.prototype;
  vi.spyOn(BindingTable.prototype, 'find').mockImplementation(function (this: BindingTable, ...query) {
    const entry = find.apply(this, query);
    return entry === undefined ? undefined : change(entry);
  });
}

/** Keys by content are made from other contents than there are. */
function changeContents(change: () => Partial<KnownContents>): void {
  const { contentKey } = StepVersions.prototype;
  vi.spyOn(StepVersions.prototype, 'contentKey').mockImplementation(function (this: StepVersions, index, contents) {
    return contentKey.call(this, index, { ...contents, ...change() });
  });
}

/** An entry whose document says something else. */
function changed(entry: BindingEntry, change: Partial<Binding>): BindingEntry {
  const { stepVersion, pub, duration, hasAbsentOutputs, isLater, isAlias, run } = entry;
  const document: BindingEntry['document'] = () => {
    const binding = entry.document();
    return binding === undefined ? undefined : { ...binding, ...change };
  };
  const { when = entry.when } = change;
  const flags = { hasAbsentOutputs, isLater, isAlias, isContested: false };
  return { stepVersion, pub, when, duration, ...flags, run, document, read: document };
}
