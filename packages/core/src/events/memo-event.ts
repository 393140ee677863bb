import type { MemoMode } from '../definitions/policy.ts';
import type { Json } from '../definitions/version-strategy.ts';
import type { Action, Reason } from '../plan/reason.ts';

/** What every event has. */
export interface EventBase {
  /** Version of the event schema. Readers must ignore fields and types that they do not know. */
  readonly v: 1;
  /** Counts the events of a run from 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly t: number;
}

/** An error in an event. */
export interface EventError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Of what was thrown first, where one error says what another one did. */
  readonly stack?: string;
}

/** How a run or a step ended. */
export type RunStatus = 'success' | 'failure' | 'cancelled';
export type StepStatus = 'ran' | 'failed' | 'skipped' | 'cancelled';

/** What happens in a run, without the fields that every event has. */
export type EventBody =
  /** First event of every run. */
  | {
      readonly type: 'run.start';
      readonly run: string;
      readonly job: string;
      readonly memo: MemoMode;
      readonly steps: number;
      readonly stores: Readonly<Record<string, string>>;
      /** The job's config without secrets, where it is small and JSON can say it. */
      readonly config?: Json;
      readonly tags: Readonly<Record<string, string>>;
    }
  /** The plan is made. Steps are listed with their reasons, except those that are re-used. */
  | {
      readonly type: 'plan';
      readonly run: number;
      readonly reuse: number;
      readonly skip: number;
      readonly pending: number;
      readonly savedMs: number;
      readonly planMs: number;
      readonly steps: readonly {
        readonly step: string;
        readonly op: string;
        readonly action: Action;
        readonly reasons: readonly Reason[];
        /** How long it took last time, milliseconds, where that is recorded. */
        readonly estimateMs?: number;
      }[];
      /** How many steps each op has, in the order of the plan. */
      readonly ops?: readonly { readonly op: string; readonly steps: number }[];
    }
  /** A step is re-used: its stored outputs count as this run's. */
  | {
      readonly type: 'step.reuse';
      readonly step: string;
      readonly op: string;
      readonly version: string;
      /** The run that computed it, when it did, and how long that took; unknown when the binding was lost. */
      readonly producedBy?: string;
      readonly producedAt?: number;
      readonly savedMs?: number;
      /**
       * Early cut-off: the version under which it was computed, where its own never was. What it reads has other versions than then,
       * and the same contents.
       */
      readonly computedAs?: string;
    }
  /** A step begins, with its first attempt; those that follow are announced by `step.retry`. */
  | {
      readonly type: 'step.start';
      readonly step: string;
      readonly op: string;
      readonly attempt: number;
      readonly version?: string;
      readonly reasons: readonly Reason[];
    }
  /** An attempt failed and another one follows. */
  | {
      readonly type: 'step.retry';
      readonly step: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: EventError;
    }
  | { readonly type: 'step.progress'; readonly step: string; readonly done: number; readonly total?: number }
  | {
      readonly type: 'step.log';
      readonly step?: string;
      readonly resource?: string;
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly data?: Json;
    }
  /** A step is over. */
  | {
      readonly type: 'step.end';
      readonly step: string;
      readonly op: string;
      readonly status: StepStatus;
      /** Time in the op's function, all attempts. */
      readonly durationMs: number;
      readonly attempts: number;
      readonly version?: string;
      readonly annotations?: Readonly<Record<string, Json>>;
      readonly error?: EventError;
      /** Why a step was skipped. */
      readonly reasons?: readonly Reason[];
    }
  /** An output is in the store. `outcome: 'exists'`: another writer had published this version, and its value counts. */
  | {
      readonly type: 'output.stored';
      readonly step: string;
      readonly output: string;
      readonly version?: string;
      readonly identifier: readonly string[];
      readonly outcome: 'created' | 'exists';
      /** Content digest, in memoized runs. */
      readonly digest?: string;
      readonly bytes?: number;
      readonly codec?: string;
      readonly annotations?: Readonly<Record<string, Json>>;
    }
  /** An optional output was left out. */
  | { readonly type: 'output.absent'; readonly step: string; readonly output: string }
  /** A stored value was read for a step. */
  | {
      readonly type: 'output.loaded';
      readonly step: string;
      readonly output: string;
      readonly version?: string;
      readonly by: string;
      readonly input: string;
    }
  /** A value that another IO manager of the job holds was copied to the one that is to keep it. */
  | {
      readonly type: 'output.copied';
      readonly step: string;
      readonly output: string;
      readonly version: string;
      /** Keys of the managers. */
      readonly from: string;
      readonly to: string;
    }
  /** A value that counted as present is gone or cannot be read; its step runs again. */
  | {
      readonly type: 'output.lost';
      readonly step: string;
      readonly output: string;
      readonly version?: string;
      readonly error: EventError;
    }
  /** A step was computed again under its version and gave another content: a new generation, and new versions below. */
  | {
      readonly type: 'step.rebound';
      readonly step: string;
      readonly version: string;
      readonly pub: string;
      readonly generation: number;
    }
  /** A resource was set up or torn down. */
  | {
      readonly type: 'resource.setup';
      readonly resource: string;
      readonly durationMs: number;
      readonly error?: EventError;
    }
  | {
      readonly type: 'resource.teardown';
      readonly resource: string;
      readonly durationMs: number;
      readonly error?: EventError;
    }
  /** Something that a person should know, once a run for each code and subject. */
  | { readonly type: 'warning'; readonly code: string; readonly message: string; readonly step?: string }
  /** Items of a mapped step became known. */
  | { readonly type: 'map.expand'; readonly step: string; readonly items: number; readonly reuse: number }
  /** Last event of every run. */
  | {
      readonly type: 'run.end';
      readonly run: string;
      readonly status: RunStatus;
      readonly ran: number;
      readonly reused: number;
      readonly skipped: number;
      readonly failed: number;
      readonly durationMs: number;
      /** Recorded time of the re-used steps. */
      readonly savedMs: number;
      readonly error?: EventError;
    };

/** One thing that happened in a run. One union for terminal, journal, UI and reports; discriminated by `type`. */
export type MemoEvent = EventBase & EventBody;

/** Receives the events of a run, in order. What it throws is dropped: a reporter never fails a run. */
export type Reporter = (event: MemoEvent) => void;
