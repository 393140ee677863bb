import type { IOManagers } from '../definitions/job-spec.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { type IOManager, isMemoizable, type MemoizableIOManager, managerName } from '../io/io-manager.ts';
import { didYouMean } from '../trace/did-you-mean.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';

/** The IO managers of a job or run, by key. */
export type ManagersByKey = ReadonlyMap<string, IOManager>;

/** Key of the manager for outputs that name none. */
export const DEFAULT_MANAGER = 'default' as const;

/** One manager as `default`, or several by key; later options beat earlier ones key by key. */
export function managersByKey(...options: readonly (IOManagers | undefined)[]): ManagersByKey {
  const byKey = new Map<string, IOManager>();
  for (const option of options) {
    if (option === undefined) continue;
    if (isManager(option)) byKey.set(DEFAULT_MANAGER, option);
    else for (const [key, manager] of Object.entries(option)) byKey.set(key, checkedManager(key, manager));
  }
  return byKey;
}

/** False where no value can be in another manager than its own. */
export function hasSeveral(managers: ManagersByKey): boolean {
  return new Set(managers.values()).size > 1;
}

function isManager(option: IOManagers): option is IOManager {
  return typeof (option as Partial<IOManager>).handleOutput === 'function';
}

function checkedManager(key: string, manager: unknown): IOManager {
  const candidate = manager as Partial<IOManager> | null | undefined;
  if (typeof candidate?.handleOutput === 'function' && typeof candidate.loadInput === 'function')
    return manager as IOManager;
  throw new TypeError(`IO manager "${key}" needs the methods handleOutput and loadInput.`);
}

/**
 * Checks that every output has a manager, and in a memoized job a memoizable one.
 *
 * @throws MemoError M5010, M4002; several as M2000.
 */
export function checkManagers(plan: ExecutionPlan, managers: ManagersByKey, memoized: boolean): void {
  const errors: MemoError[] = [];
  const checked = new Set<string>();
  for (const { op } of plan.uses) {
    for (const output of op.outputs) {
      if (checked.has(output.io)) continue;
      checked.add(output.io);
      const manager = managers.get(output.io);
      if (manager === undefined)
        errors.push(unknownManager(plan.job, { output: `${op.name}.${output.name}`, key: output.io }, managers));
      else if (memoized && !isMemoizable(manager))
        errors.push(notMemoizable(plan.job, `${op.name}.${output.name}`, manager));
    }
  }
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new MemoError('M2000', `Job "${plan.job}" has ${errors.length} wrong IO managers.`, {
    errors,
    details: { job: plan.job },
  });
}

/** The manager of a key; {@link checkManagers} has run. */
export function managerOf(managers: ManagersByKey, key: string): IOManager {
  const manager = managers.get(key);
  if (manager !== undefined) return manager;
  throw new MemoError('M5010', `There is no IO manager "${key}".`, {
    fix: 'Add it to `io` of the job.',
    details: { io: key },
  });
}

/** The manager of a key, in a memoized job. */
export function memoizableManagerOf(managers: ManagersByKey, key: string): MemoizableIOManager {
  return managerOf(managers, key) as MemoizableIOManager;
}

function unknownManager(
  job: string,
  { output, key }: { readonly output: string; readonly key: string },
  managers: ManagersByKey,
): MemoError {
  return new MemoError(
    'M5010',
    `Output ${output} of job "${job}" names the IO manager "${key}", which the job does not have.`,
    {
      because: `It has ${[...managers.keys()].map((known) => `"${known}"`).join(', ')}.${didYouMean(key, managers.keys())}`,
      fix: `Add it to the job: io: { default: …, ${key}: … }.`,
      details: { job, output, io: key },
    },
  );
}

function notMemoizable(job: string, output: string, manager: IOManager): MemoError {
  return new MemoError(
    'M4002',
    `Job "${job}" is memoized, but ${output} is kept by "${managerName(manager)}", which has no hasOutput().`,
    {
      because: 'Without hasOutput nothing can tell whether a result is there already.',
      fix: 'Use a memoizable IO manager such as fs(), add hasOutput to yours, or leave `versions` out.',
      details: { job, output, manager: managerName(manager) },
    },
  );
}

/** What a manager threw that was asked what is there. */
export function cannotTell(manager: MemoizableIOManager, cause: unknown): MemoError {
  return new MemoError('M5008', `${managerName(manager)} cannot tell which outputs exist: ${messageOf(cause)}`, {
    because: 'A store that cannot be asked is not an empty store.',
    fix: 'Make the store reachable and readable, then plan again.',
    details: { manager: managerName(manager) },
    cause,
  });
}
