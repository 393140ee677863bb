import { isMemoizable, type MemoizableIOManager } from '../io/io-manager.ts';
import { cannotTell, type ManagersByKey, memoizableManagerOf } from './managers.ts';
import { type ContextScope, StepOutputContext } from './output-contexts.ts';
import { committedByOutput, type StoredSteps } from './stored-steps.ts';
import type { VersionInquiry } from './version-inquiry.ts';

const MOST_AT_ONCE = 64;
const MANY = 1_000;

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
 * Asks the managers about all outputs of some steps: at once where a manager can, else one by one.
 *
 * @throws MemoError M5008 when a manager cannot tell; that is never taken for "missing".
 */
export async function findMissing(
  question: PresenceQuestion,
  steps: Iterable<number>,
): Promise<Map<number, readonly string[]>> {
  const { stored, managers, scope } = question;
  const missing = new Map<number, string[]>();
  const inquiries = new Map<MemoizableIOManager, Inquiry>();
  // Small plans need not load what it takes.
  const versions = hasMany(question) ? await versionInquiry(stored, scope) : undefined;
  for (const index of versions?.askResults(managers, steps) ?? steps) {
    const { op } = stored.plan.useOf(index);
    if (isUncommitted(stored, index)) {
      const all = op.outputs.map(({ name }) => name);
      missing.set(index, all);
      continue;
    }
    for (const output of op.outputs) {
      if (!isAskedFor(question, index, output.name)) continue;
      const manager = memoizableManagerOf(managers, output.io);
      if (versions?.ask(manager, index, output.name) === true) continue;
      const version = stored.addressVersion(index, output.name);
      let inquiry = inquiries.get(manager);
      if (inquiry === undefined) {
        inquiry = new Inquiry(manager, missing);
        inquiries.set(manager, inquiry);
      }
      const busy = inquiry.ask(
        new StepOutputContext(scope, stored.step(index), { output: output.name, version }),
        index,
      );
      if (busy !== undefined) await busy;
    }
  }
  await versions?.end((step, output) => noteMissing(missing, step, output));
  for (const inquiry of inquiries.values()) await inquiry.end();
  return missing;
}

/** True where a manager answers for many versions at once, and there are as many. */
function hasMany({ stored, managers }: PresenceQuestion): boolean {
  return (
    stored.plan.size >= MANY && [...managers.values()].some((manager) => isMemoizable(manager) && manager.hasVersions)
  );
}

async function versionInquiry(stored: StoredSteps, scope: ContextScope): Promise<VersionInquiry> {
  const { VersionInquiry: Inquired } = await import('./version-inquiry.ts');
  return new Inquired(stored, scope);
}

/** An output that its own manager does not have, and the version under which it would be. */
export interface WantedOutput {
  readonly step: number;
  readonly output: string;
  readonly version: string;
}

/**
 * What is missing of that which is read of a step, if it lay under other versions than its own.
 *
 * @param versionOf the version under which an output would lie; `undefined` for an absent one.
 * @throws MemoError M5008 when a manager cannot tell.
 */
export async function missingUnder(
  { stored, managers, scope, isRead }: PresenceQuestion,
  index: number,
  versionOf: (output: string) => string | undefined,
): Promise<readonly WantedOutput[]> {
  const step = stored.step(index);
  const wanted: WantedOutput[] = [];
  for (const { name, io } of step.op.outputs) {
    const version = versionOf(name);
    if (version === undefined || !(committedByOutput(step) || isRead(index, name))) continue;
    const missing = new Map<number, string[]>();
    const inquiry = new Inquiry(memoizableManagerOf(managers, io), missing);
    await inquiry.ask(new StepOutputContext(scope, step, { output: name, version }), index);
    await inquiry.end();
    if (missing.size > 0) wanted.push({ step: index, output: name, version });
  }
  return wanted;
}

function isUncommitted(stored: StoredSteps, index: number): boolean {
  const use = stored.plan.useOf(index);
  return (!committedByOutput(use) || use.op.effect) && stored.entry(index) === undefined;
}

function isAskedFor({ stored, isRead }: PresenceQuestion, index: number, output: string): boolean {
  if (committedByOutput(stored.plan.useOf(index))) return true;
  return !stored.isAbsent(index, output) && isRead(index, output);
}

/** What one manager is asked. A manager that answers with plain booleans is asked as the steps come, and nothing is kept. */
export class Inquiry {
  readonly #manager: MemoizableIOManager;
  readonly #missing: Map<number, string[]>;
  readonly #contexts: StepOutputContext[] = [];
  readonly #steps: number[] = [];
  #open: Promise<void>[] = [];

  constructor(manager: MemoizableIOManager, missing: Map<number, string[]>) {
    this.#manager = manager;
    this.#missing = missing;
  }

  /** Asks about an output; gives a promise when enough questions are open. */
  ask(context: StepOutputContext, step: number): Promise<void> | undefined {
    if (this.#manager.hasOutputs === undefined) return this.#askNow(context, step);
    this.#contexts.push(context);
    this.#steps.push(step);
    return undefined;
  }

  /** Resolves when everything is answered. */
  async end(): Promise<void> {
    await this.#settle();
    if (this.#contexts.length === 0) return;
    const answers = await this.#askAll();
    for (const [at, context] of this.#contexts.entries())
      if (answers[at] !== true) noteMissing(this.#missing, this.#steps[at] as number, context.output);
  }

  #askNow(context: StepOutputContext, step: number): Promise<void> | undefined {
    let answer: boolean | Promise<boolean>;
    try {
      answer = this.#manager.hasOutput(context);
    } catch (cause) {
      throw cannotTell(this.#manager, cause);
    }
    if (typeof answer === 'boolean') {
      if (!answer) noteMissing(this.#missing, step, context.output);
      return undefined;
    }
    const noted = answer.then((present) => {
      if (!present) noteMissing(this.#missing, step, context.output);
    });
    // Awaited with the others; a failure before that must not count as unhandled.
    noted.catch(() => undefined);
    this.#open.push(noted);
    return this.#open.length < MOST_AT_ONCE ? undefined : this.#settle();
  }

  async #settle(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    try {
      await Promise.all(open);
    } catch (cause) {
      throw cannotTell(this.#manager, cause);
    }
  }

  async #askAll(): Promise<readonly boolean[]> {
    try {
      const answers = (await this.#manager.hasOutputs?.(this.#contexts)) ?? [];
      if (answers.length === this.#contexts.length) return answers;
      throw new TypeError(`hasOutputs gave ${answers.length} answers for ${this.#contexts.length} contexts`);
    } catch (cause) {
      throw cannotTell(this.#manager, cause);
    }
  }
}

function noteMissing(missing: Map<number, string[]>, step: number, output: string): void {
  const known = missing.get(step);
  if (known === undefined) missing.set(step, [output]);
  else known.push(output);
}
