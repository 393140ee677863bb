import type { EventStream } from '../events/event-stream.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { ContextScope } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { CancelGrace } from './cancel-grace.ts';
import type { RunLedger } from './run-ledger.ts';
import type { OnFailure } from './run-options.ts';
import type { Executor } from './step-task.ts';
import type { Committer } from './write-binding.ts';

/** What a coordinator works with. */
export interface CoordinatorOptions {
  readonly planned: PlannedJob;
  readonly ledger: RunLedger;
  readonly executor: Executor;
  readonly events: EventStream;
  readonly scope: ContextScope;
  readonly committer: Committer | undefined;
  readonly controller: AbortController;
  readonly grace: CancelGrace;
  readonly onFailure: OnFailure;
  /** Fail instead of running anything. */
  readonly require: boolean;
  readonly pools: Readonly<Record<string, number>>;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  /** Told each time a step is over, so that values nobody needs any more can be let go. */
  readonly onSettled: (step: number) => void;
}
