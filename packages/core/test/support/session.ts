import { MemoError } from '../../src/errors/memo-error.ts';
import type { OnFailure, RunOptions } from '../../src/execution/run-options.ts';
import type { RunResult } from '../../src/execution/run-result.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { FaultPoints } from './fault-points.ts';
import { applyEdit, type JobEdit } from './job-edit.ts';
import { type JobModel, MAX_AGE_MS, type WiredJob, wire } from './job-model.ts';
import { type Managers, type ModelJob, makeModelJob, resultName } from './model-job.ts';
import type { Value } from './op-result.ts';
import { SharedStorage } from './shared-storage.ts';
import { openSharedStore, type StoreTraits } from './shared-store.ts';
import { World } from './world.ts';

/** What a run is asked for; steps and ops by number, modulo what there is. */
export interface RunAsk {
  readonly only?: readonly number[] | undefined;
  readonly force?: true | readonly number[] | undefined;
  readonly onFailure?: OnFailure | undefined;
  readonly concurrency?: number | undefined;
  /** Is told each step that a run says is done. */
  readonly onDone?: ((step: string) => void) | undefined;
  /** Values that go missing or are damaged at a call of the run, counted from its begin. */
  readonly fault?:
    | { readonly call: number; readonly how: 'lose' | 'damage'; readonly values: readonly number[] }
    | undefined;
}

/** One thing that happens to a job or its store. */
export type Command =
  | { readonly do: 'edit'; readonly edit: JobEdit }
  | { readonly do: 'run'; readonly ask: RunAsk }
  | {
      readonly do: 'run twice at once';
      readonly in: 'one instance' | 'two instances';
      readonly asks: readonly [RunAsk, RunAsk];
    }
  | { readonly do: 'reopen' }
  | {
      readonly do: 'lose values' | 'damage values' | 'lose segments' | 'lose documents';
      readonly which: readonly number[];
    }
  | { readonly do: 'let results expire' }
  | { readonly do: 'change the world'; readonly to: number }
  | { readonly do: 'break'; readonly op: number }
  | { readonly do: 'mend' };

/** An output of a run: its value, or why it has none. */
export type Loaded = Value | 'absent' | 'did not run' | 'lost';

export type ModelResult = RunResult<Record<string, unknown>>;

/** Who watches a run, and may cancel it. */
export interface Watched extends Pick<RunOptions<unknown>, 'signal' | 'reporter' | 'cancelGraceMs'> {
  readonly job?: ModelJob;
}

/** A job with a store and a world, to which things happen. */
export class Session {
  readonly world: World;
  readonly storage: SharedStorage;
  readonly #traits: StoreTraits;
  readonly #behind: (own: Managers) => Managers;
  #model: JobModel;
  #wired: WiredJob;
  #managers: Managers;
  #job: ModelJob;

  constructor(
    model: JobModel,
    traits: StoreTraits,
    storage: SharedStorage = new SharedStorage(),
    world: World = new World(),
    behind: (own: Managers) => Managers = (own) => own,
  ) {
    this.world = world;
    this.#behind = behind;
    this.storage = storage;
    this.#traits = traits;
    this.#model = model;
    this.#wired = wire(model);
    this.#managers = this.#open();
    this.#job = makeModelJob(this.#wired, world, this.#managers);
  }

  get wired(): WiredJob {
    return this.#wired;
  }

  edit(edit: JobEdit): void {
    this.#model = applyEdit(this.#model, edit);
    this.#wired = wire(this.#model);
    this.#job = makeModelJob(this.#wired, this.world, this.#managers);
  }

  /** As another process would: nothing is left of what was in memory. */
  reopen(faults?: FaultPoints): void {
    this.#managers = this.#open(faults);
    this.#job = makeModelJob(this.#wired, this.world, this.#managers);
  }

  plan(ask: RunAsk = {}): Promise<Plan> {
    return this.#job.plan(this.#options(ask));
  }

  async run(ask: RunAsk = {}, { job = this.#job, ...watched }: Watched = {}): Promise<ModelResult> {
    const { fault } = ask;
    const last = this.world.calls.length + (fault?.call ?? Number.POSITIVE_INFINITY);
    if (fault !== undefined) {
      this.world.onCall = () => {
        if (this.world.calls.length !== last) return;
        if (fault.how === 'lose') this.storage.loseObjects(fault.values);
        else this.storage.damageObjects(fault.values);
      };
    }
    try {
      return (await job.run({ ...this.#options(ask), ...reporterOf(ask), ...watched })) as ModelResult;
    } finally {
      this.world.onCall = () => undefined;
    }
  }

  /** Two runs at once, in this instance or in this and another one over the same storage. */
  async runTwice(
    where: 'one instance' | 'two instances',
    asks: readonly [RunAsk, RunAsk],
  ): Promise<readonly ModelResult[]> {
    const other = where === 'one instance' ? this.#job : makeModelJob(this.#wired, this.world, this.#open());
    return Promise.all([this.run(asks[0]), this.run(asks[1], { job: other })]);
  }

  /** Everything that the job returns, as a run gave it. */
  async load(result: ModelResult): Promise<ReadonlyMap<string, Loaded>> {
    const loaded = new Map<string, Loaded>();
    for (const step of this.#wired.steps) {
      if (!step.returned) continue;
      for (const { name } of step.op.outputs) {
        const key = resultName(step, name);
        loaded.set(key, await loadOne(result, key));
      }
    }
    return loaded;
  }

  /** Does whatever a command says; gives the results of its runs. */
  async happen(command: Command): Promise<readonly ModelResult[]> {
    if (command.do === 'run') return [await this.run(command.ask)];
    if (command.do === 'run twice at once') return this.runTwice(command.in, command.asks);
    this.disturb(command);
    return [];
  }

  /** Does anything but running. */
  disturb(command: Exclude<Command, { readonly do: 'run' | 'run twice at once' }>): void {
    if (command.do === 'edit') this.edit(command.edit);
    else if (command.do === 'reopen') this.reopen();
    else if (command.do === 'let results expire') this.world.clock.advance(MAX_AGE_MS + 1);
    else if (command.do === 'change the world') this.world.state = command.to;
    else if (command.do === 'break') this.world.broken.add(`op${command.op % this.#wired.ops.length}`);
    else if (command.do === 'mend') this.world.broken.clear();
    else this.#harm(command);
  }

  #harm({ do: how, which }: Extract<Command, { readonly which: readonly number[] }>): void {
    if (how === 'lose values') this.storage.loseObjects(which);
    else if (how === 'damage values') this.storage.damageObjects(which);
    else if (how === 'lose segments') this.storage.loseSegments(which);
    else this.storage.loseDocuments(which);
  }

  /** Ids of the steps that numbers stand for. */
  steps(chosen: readonly number[]): readonly string[] {
    const { steps } = this.#wired;
    return chosen.map((number) => steps[number % steps.length]?.id as string);
  }

  #options({ only, force, onFailure = 'continue', concurrency = 8 }: RunAsk): RunOptions<unknown> {
    return {
      onFailure,
      concurrency,
      ...(only === undefined ? {} : { only: this.steps(only) }),
      ...(force === undefined ? {} : { force: force === true ? true : this.steps(force) }),
    };
  }

  /** The stores as another process opens them. */
  openStores(): { default: Managers['default']; other: Managers['other'] } {
    return { ...this.#open() };
  }

  #open(faults: FaultPoints = new FaultPoints()): Managers {
    const open = (prefix: 'default' | 'other') =>
      openSharedStore(this.storage, { traits: this.#traits, prefix, faults, turn: (what) => this.world.turn(what) });
    return this.#behind({ default: open('default'), other: open('other') });
  }
}

function reporterOf({ onDone }: RunAsk): Pick<RunOptions<unknown>, 'reporter'> {
  if (onDone === undefined) return {};
  return {
    reporter: (event) => {
      if (event.type === 'step.end' && event.status === 'ran') onDone(event.step);
    },
  };
}

/** What went wrong in a run, with its causes; empty when nothing did. */
export function failuresOf({ failed, errors }: ModelResult): readonly string[] {
  return [...failed.map(({ error }) => error), ...errors].map((error) => {
    const cause = error.cause instanceof Error ? ` ← ${error.cause.stack}` : '';
    return `${error.code} ${error.problem}${cause}`;
  });
}

async function loadOne(result: ModelResult, key: string): Promise<Loaded> {
  try {
    return (await result.load(key)) as Value;
  } catch (error) {
    if (MemoError.is(error, 'M5005')) return 'absent';
    if (MemoError.is(error, 'M6011')) return 'did not run';
    if (MemoError.is(error, 'M5003') || MemoError.is(error, 'M5004')) return 'lost';
    throw error;
  }
}
