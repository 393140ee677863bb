import type { IOManagers } from '../definitions/job-spec.ts';
import type { MemoMode } from '../definitions/policy.ts';
import type { ResourceBinding } from '../definitions/resource-binding.ts';
import type { Reporter } from '../events/memo-event.ts';

/** What both planning and running take. */
export interface PlanOptions<C> {
  /** The job's config, before defaults. @see MemoError M3001 */
  readonly config?: C;
  /** Resources that beat the job's. */
  readonly resources?: readonly ResourceBinding[];
  /** IO managers that beat the job's. */
  readonly io?: IOManagers;
  /**
   * Steps to bring up to date, with what they need: ids, `+id` (and all it needs, selected too), `id+` (and all below), `tag:key`,
   * `tag:key=value`, `!selector` (take away). Default: the job's outputs and every step that nothing consumes.
   */
  readonly only?: string | readonly string[];
  /** Steps to run again although they could be re-used: all that are needed, or a selection. Default: none. */
  readonly force?: boolean | string | readonly string[];
  /** Memoization of this run. `off` is the same as the tag `memo/is_memoized_run: 'false'`. Default: `on`. */
  readonly memo?: MemoMode;
  /** Tags of the run; they beat the job's. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /**
   * How long a cancelled run, or plan, waits for what ignores that it was cancelled, milliseconds: for ops, stores and strategies once, for each
   * teardown of a resource and for the records anew. Then it ends, and says what it left behind (M6004, M3009). Any run waits as long for ops that
   * go on after their timeout. Default: 5000.
   */
  readonly cancelGraceMs?: number;
  /**
   * How long a version strategy, or the schema of a config, may take to answer each time it is asked, milliseconds; then the plan or run ends with
   * M4012, which names it. `Infinity`: as long as it takes. Default: 300,000 (five minutes).
   */
  readonly answerTimeoutMs?: number;
}

/** What a run does when a step failed: start nothing new (`stop`), go on with what does not need it (`continue`), cancel what runs (`abort`). */
export type OnFailure = 'stop' | 'continue' | 'abort';

/** What running takes beside {@link PlanOptions}. */
export interface RunOptions<C> extends PlanOptions<C> {
  /** Most steps at once. Default: 8. */
  readonly concurrency?: number;
  /** Sizes of pools, beating the job's. */
  readonly pools?: Readonly<Record<string, number>>;
  /** Default: `stop`. */
  readonly onFailure?: OnFailure;
  /** Who is told what happens. Default: nobody; a run prints nothing by itself. */
  readonly reporter?: Reporter | readonly Reporter[];
  /**
   * Where the run's journal (`<runs>/<id>/events.ndjson`) goes: `false` for nowhere, or a directory for runs.
   * Default: `.memo/runs` of the project when the job's store is durable, else nowhere.
   */
  readonly journal?: false | string;
}
