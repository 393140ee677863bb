import { MemoError } from '../errors/memo-error.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import { lookElsewhere, type OutputElsewhere } from '../plan/elsewhere.ts';
import { hasSeveral, managerOf } from '../plan/managers.ts';
import { StepOutputContext } from '../plan/output-contexts.ts';
import type { StoredSteps } from '../plan/stored-steps.ts';
import { hasDigest } from '../stored/value-check.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { loadStored } from './load-inputs.ts';
import { otherContent } from './loaded-content.ts';
import type { ReadAddress, StepLost } from './step-task.ts';

/** A value that could not be copied, and why. */
export type NotCopied = Omit<StepLost, 'kind'>;

type CopyOptions = Pick<CoordinatorOptions, 'planned' | 'ledger' | 'events' | 'scope' | 'controller'>;

/**
 * Copies values from other managers of the job to those that are to keep them. A copy is made under the version that the value has, after its
 * content was compared with what is recorded; like everything that is published it is created once, so that it may race with others.
 */
export class OutputCopies {
  readonly #options: CopyOptions;
  /** What the plan re-uses from another manager, as long as it was not tried. */
  readonly #due: Map<number, readonly OutputElsewhere[]>;
  /** What vanished and was looked for. */
  readonly #restored = new Set<string>();

  constructor(options: CopyOptions) {
    this.#options = options;
    const { memoized, decisions } = options.planned;
    // A step that is to run, because somebody forces it for example, runs wherever its values are.
    this.#due = new Map([...(memoized?.elsewhere ?? [])].filter(([step]) => decisions[step]?.action === 'reuse'));
  }

  /** True for a step that is re-used once its values are copied. */
  isDue(index: number): boolean {
    return this.#due.has(index);
  }

  /** Copies what the plan has found of a step. Gives what could not be copied, if anything. */
  copyDue(index: number): Promise<NotCopied | undefined> {
    const outputs = this.#due.get(index) ?? [];
    this.#due.delete(index);
    return this.copy(outputs, (output) => this.#options.ledger.digest(index, output));
  }

  /** Whether another manager may have a value that vanished. It is looked for once: where it vanishes again, its step runs. */
  mayRestore({ step, output, version, digest }: ReadAddress): boolean {
    const { stored } = this.#options.ledger;
    const isKnown = stored !== undefined && version !== undefined && digest !== undefined;
    const key = `${version} ${step} ${output}`;
    if (!isKnown || !hasSeveral(this.#options.planned.managers) || this.#restored.has(key)) return false;
    this.#restored.add(key);
    return true;
  }

  /** Copies a value that vanished from another manager. False where none has it: then its step has to run. */
  async restore({ address, error }: NotCopied): Promise<boolean> {
    const { planned, ledger, scope, events } = this.#options;
    const { step, index, output, version = '', digest } = address;
    const { managers, isRead } = planned;
    const question = { stored: ledger.stored as StoredSteps, managers, scope, isRead };
    try {
      const [found] = await lookElsewhere(question, [{ step: index, output, version }]);
      if (found === undefined || (await this.copy([found], () => digest)) !== undefined) return false;
      events.warn(
        'value-restored',
        `${step}.${output} was lost, and copied from "${found.from}": ${error.problem}`,
        step,
      );
      return true;
    } catch {
      // Who cannot tell what it has does not stop a run that can go on.
      return false;
    }
  }

  /** @param digestOf the content that an output must have; what nobody knows is not copied. */
  async copy(
    outputs: readonly OutputElsewhere[],
    digestOf: (output: string) => string | undefined,
  ): Promise<NotCopied | undefined> {
    for (const output of outputs) {
      const error = await this.#copyOne(output, digestOf(output.output));
      if (error !== undefined) return { address: this.#addressOf(output, digestOf(output.output)), error };
    }
    return undefined;
  }

  /** Whatever goes wrong, there is a way out: the step can run. */
  async #copyOne(wanted: OutputElsewhere, digest: string | undefined): Promise<MemoError | undefined> {
    const { planned, events, ledger } = this.#options;
    const { output, version, from, to } = wanted;
    const context = this.#contextOf(wanted, digest);
    const managers = [managerOf(planned.managers, from), managerOf(planned.managers, to)] as const;
    try {
      const loading = loadStored(managers[0], context, (error) => error);
      const value = loading instanceof Promise ? await loading : loading;
      if (digest === undefined || !hasDigest(value, digest, { context, managers }))
        return otherContent(context, 'The record of its version names another one.');
      await publishOnce(managers[1] as MemoizableIOManager, context, value);
    } catch (error) {
      if (MemoError.is(error)) return error;
      return notCopied(context, error);
    }
    events.emit({ type: 'output.copied', step: ledger.step(wanted.step).id, output, version, from, to });
    return undefined;
  }

  #contextOf({ step, output, version }: OutputElsewhere, digest: string | undefined): StepOutputContext {
    const { scope, ledger, controller } = this.#options;
    return new StepOutputContext(scope, ledger.step(step), {
      output,
      version,
      contentDigest: digest,
      signal: controller.signal,
    });
  }

  #addressOf({ step, output, version, to }: OutputElsewhere, digest: string | undefined): NotCopied['address'] {
    const { ledger } = this.#options;
    return { step: ledger.step(step).id, index: step, output, io: to, version, take: ledger.begun(step), digest };
  }
}

/** A store without atomic creation is looked at first: what lies at an address is never replaced. */
async function publishOnce(manager: MemoizableIOManager, context: StepOutputContext, value: unknown): Promise<void> {
  if (manager.capabilities?.atomicCreate !== true && (await manager.hasOutput(context))) return;
  await manager.handleOutput(context, value);
}

function notCopied(context: StepOutputContext, cause: unknown): MemoError {
  return new MemoError('M5002', `${context.step}.${context.output} could not be copied between stores.`, {
    fix: 'Look at the cause; the step runs again.',
    details: { step: context.step, output: context.output },
    cause,
  });
}
