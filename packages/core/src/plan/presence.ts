import { MemoError, messageOf } from '../errors/memo-error.ts';
import { type MemoizableIOManager, managerName } from '../io/io-manager.ts';
import { type ManagersByKey, memoizableManagerOf } from './managers.ts';
import { type ContextScope, StepOutputContext } from './output-contexts.ts';
import { committedByOutput, type StoredSteps } from './stored-steps.ts';

const MOST_AT_ONCE = 64;

/** What presence is asked about, and whom. */
export interface PresenceQuestion {
  readonly stored: StoredSteps;
  readonly managers: ManagersByKey;
  readonly scope: ContextScope;
  /** True for outputs that some step or the job reads; others may be missing. */
  readonly isRead: (step: number, output: string) => boolean;
}

/** The steps among `steps` that are not there, with the outputs that are missing. A step is there when it is committed and all its read outputs are. */
export type MissingOutputs = ReadonlyMap<number, readonly string[]>;

/**
 * Asks the managers about all outputs of some steps at once.
 *
 * @throws MemoError M5008 when a manager cannot tell; that is never taken for "missing".
 */
export async function findMissing(question: PresenceQuestion, steps: Iterable<number>): Promise<MissingOutputs> {
  const missing = new Map<number, string[]>();
  const asked = new Map<MemoizableIOManager, { readonly contexts: StepOutputContext[]; readonly steps: number[] }>();
  for (const index of steps) {
    const step = question.stored.step(index);
    const byOutput = committedByOutput(step);
    if ((!byOutput || step.op.effect) && question.stored.entry(index) === undefined)
      missing.set(
        index,
        step.op.outputs.map(({ name }) => name),
      );
    else
      for (const output of step.op.outputs) {
        if (question.stored.isAbsent(index, output.name) || !(byOutput || question.isRead(index, output.name)))
          continue;
        const version = question.stored.addressVersion(index, output.name);
        const manager = memoizableManagerOf(question.managers, output.io);
        const batch = asked.get(manager) ?? { contexts: [], steps: [] };
        asked.set(manager, batch);
        batch.contexts.push(new StepOutputContext(question.scope, step, { output: output.name, version }));
        batch.steps.push(index);
      }
  }
  for (const [manager, { contexts, steps: owners }] of asked) {
    const present = await askAll(manager, contexts);
    for (const [at, context] of contexts.entries())
      if (present[at] !== true) note(missing, owners[at] as number, context.output);
  }
  return missing;
}

function note(missing: Map<number, string[]>, step: number, output: string): void {
  const known = missing.get(step);
  if (known === undefined) missing.set(step, [output]);
  else known.push(output);
}

async function askAll(
  manager: MemoizableIOManager,
  contexts: readonly StepOutputContext[],
): Promise<readonly boolean[]> {
  try {
    if (manager.hasOutputs !== undefined) {
      const answers = await manager.hasOutputs(contexts);
      if (answers.length === contexts.length) return answers;
      throw new TypeError(`hasOutputs gave ${answers.length} answers for ${contexts.length} contexts`);
    }
    return await askOneByOne(manager, contexts);
  } catch (cause) {
    throw new MemoError('M5008', `${managerName(manager)} cannot tell which outputs exist: ${messageOf(cause)}`, {
      because: 'A store that cannot be asked is not an empty store.',
      fix: 'Make the store reachable and readable, then plan again.',
      details: { manager: managerName(manager) },
      cause,
    });
  }
}

/** Plain booleans cost no promise; promises are awaited a bounded number at a time. */
async function askOneByOne(
  manager: MemoizableIOManager,
  contexts: readonly StepOutputContext[],
): Promise<readonly boolean[]> {
  const answers = Array.from<boolean>({ length: contexts.length });
  let open: Promise<void>[] = [];
  for (const [at, context] of contexts.entries()) {
    const answer = manager.hasOutput(context);
    if (typeof answer === 'boolean') {
      answers[at] = answer;
      continue;
    }
    open.push(
      answer.then((present) => {
        answers[at] = present;
      }),
    );
    if (open.length >= MOST_AT_ONCE) {
      await Promise.all(open);
      open = [];
    }
  }
  await Promise.all(open);
  return answers;
}
