import type { Json } from '../definitions/version-strategy.ts';
import type { MemoError } from '../errors/memo-error.ts';

/** Where a stored output is read. */
export interface ReadAddress {
  readonly step: string;
  /** Its position in the plan, which is the same wherever the job is traced. */
  readonly index: number;
  readonly output: string;
  /** Key of the IO manager. */
  readonly io: string;
  /** The version under which it is kept; `undefined` for an output of this run. */
  readonly version: string | undefined;
  /** How often its step had been begun in this run. */
  readonly take: number;
  /** Content digest that the value must have; `undefined` where nobody knows it. */
  readonly digest: string | undefined;
}

/** One input of a task: written into the build, or read from stores. An absent item of a list is left out of it. */
export type TaskInput =
  | { readonly name: string; readonly from: 'literal' }
  | { readonly name: string; readonly from: 'output'; readonly address: ReadAddress }
  | { readonly name: string; readonly from: 'list'; readonly items: readonly ListItem[] };

/** One item of a list that a step reads. */
export type ListItem = 'literal' | 'absent' | ReadAddress;

/**
 * The order to run one step. Small and structured-cloneable: addresses and frozen versions, no data and no closures. Whoever
 * runs it finds the op, its config and literals in the same traced job.
 */
export interface StepTask {
  /** The same for every attempt to do the same work: the step version, or run and step. */
  readonly key: string;
  readonly runId: string;
  readonly job: string;
  readonly step: string;
  /** Position of the step in the plan. */
  readonly index: number;
  /** The step version that outputs are published under; `undefined`: for this run only. */
  readonly version: string | undefined;
  /** How often the step has been begun in this run, this time included. */
  readonly take: number;
  /** Which execution the version is bound to already, when it is computed again. */
  readonly bound: string | undefined;
  /** The generation in the addresses of the outputs, where the version is pinned. */
  readonly pub: string | undefined;
  /** Where the output of a step is kept that it alone commits, unless that is another generation. */
  readonly address: string | undefined;
  /** True when a differing stored value is to be superseded instead of adopted. */
  readonly supersede: boolean;
  /** True when content digests are needed: in memoized runs. */
  readonly digests: boolean;
  readonly inputs: readonly TaskInput[];
}

/** What running a task gave. */
export type StepReport = StepDone | StepLost | StepFailed;

export interface StepDone {
  readonly kind: 'done';
  /** What counts for each output: ours, or what another writer had published first. */
  readonly outputs: { readonly [output: string]: ReportedOutput | 'absent' };
  readonly durationMs: number;
  readonly attempts: number;
  readonly annotations: { readonly [key: string]: Json } | undefined;
}

/** The content digests of what a task gave, by output; absent outputs have none. */
export function contentsOf(report: StepDone): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const [name, output] of Object.entries(report.outputs))
    if (output !== 'absent') contents.set(name, output.digest);
  return contents;
}

export interface ReportedOutput {
  /** Content digest; `''` when the task asked for none. */
  readonly digest: string;
  readonly bytes: number | undefined;
  readonly codec: string | undefined;
  /** The version under which it is kept. */
  readonly version: string | undefined;
}

/** An input that counted as present could not be read. */
export interface StepLost {
  readonly kind: 'lost';
  readonly address: ReadAddress;
  readonly error: MemoError;
}

export interface StepFailed {
  readonly kind: 'failed';
  readonly error: MemoError;
  readonly durationMs: number;
  readonly attempts: number;
  readonly cancelled: boolean;
}

/**
 * Runs tasks: in this process, in workers, on other machines. It owns transport, nothing else: plan, order, commits and retries
 * of whole tasks are the coordinator's. Internal until a second executor has proved it.
 */
export interface Executor {
  /** Most tasks that it runs at once. */
  readonly slots: number;
  /** Runs a task to its end; a promise where there is something to wait for. Never rejects: what goes wrong is in the report. */
  execute(task: StepTask, signal: AbortSignal): StepReport | Promise<StepReport>;
  /** What a task that goes on is doing, for people: `storing load.result in fs:store`. */
  whereabouts(step: string): string;
  /** Waits for what lingers after an abort, and releases everything. */
  close(): Promise<readonly MemoError[]>;
}
