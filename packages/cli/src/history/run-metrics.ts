import type { AnyJob, RunResult } from '@memo/core';
import {
  type Binding,
  inspectJob,
  inspectPlan,
  type MemoEvent,
  type PlanInspection,
  readJournal,
  type StoredAddress,
} from '@memo/core/inspect';
import { type PastRun, pastRuns } from './run-history.ts';

/** A number in an output of the job that is another one than in the run before. */
export interface Metric {
  /** `report.accuracy`, or the name of an output that is a number. */
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What a run left, to be compared with the run before it. */
export interface ComparedRun {
  readonly job: AnyJob;
  readonly result: RunResult<Record<string, unknown>>;
  readonly stored: StoredOutputs;
}

/** Larger values are no reports: reading them would make the end of a run slow. */
const MOST_BYTES = 64 * 1024;

/** Where the small outputs are that a run stored. */
export class StoredOutputs {
  readonly #identifiers = new Map<string, readonly string[]>();

  note(event: MemoEvent): void {
    if (event.type === 'output.stored' && (event.bytes ?? MOST_BYTES) < MOST_BYTES)
      this.#identifiers.set(keyOf(event.step, event.output), event.identifier);
  }

  /** The address of an output; `undefined` for one that is large, or that the run did not store. */
  of(step: string, output: string): StoredAddress | undefined {
    const identifier = this.#identifiers.get(keyOf(step, output));
    return identifier === undefined ? undefined : { step, identifier };
  }
}

function keyOf(step: string, output: string): string {
  return JSON.stringify([step, output]);
}

/** The run of the same job before this one that came to its end. */
export async function runBefore({ job, result }: ComparedRun): Promise<PastRun | undefined> {
  for await (const run of pastRuns())
    if (run.id < result.id && run.start.job === job.name && run.end?.status === 'success') return run;
  return undefined;
}

/** The numbers in what the job computed anew that differ from the run before; a value that cannot be read has none. */
export async function metricsSince(previous: PastRun, run: ComparedRun): Promise<readonly Metric[]> {
  const outputs = outputsStored(run);
  if (outputs.length === 0) return [];
  const job = inspectJob(run.job);
  const placeBefore = await placesIn(previous, inspectPlan(run.result.plan), new Set(outputs.map(({ step }) => step)));
  const metrics: Metric[] = [];
  for (const { name, step, output, place } of outputs) {
    const was = placeBefore(step, output);
    if (was === undefined) continue;
    try {
      const before = numbersIn(name, await job.load(was, output));
      for (const [key, after] of numbersIn(name, await job.load(place, output))) {
        const number = before.get(key);
        if (number !== undefined && number !== after) metrics.push({ name: key, before: number, after });
      }
    } catch {
      // Nothing to compare with: a value is gone, or another one than memo reads. That is no matter of this run.
    }
  }
  return metrics;
}

interface OutputOfJob {
  readonly name: string;
  readonly step: string;
  readonly output: string;
  readonly place: StoredAddress;
}

/** The outputs of the job that this run stored and that are those of one step. */
function outputsStored({ result, stored }: ComparedRun): readonly OutputOfJob[] {
  return Object.entries(inspectPlan(result.plan).results).flatMap(([name, [source, other]]) => {
    const place = source === undefined || other !== undefined ? undefined : stored.of(source.step, source.output);
    return source === undefined || place === undefined ? [] : [{ name, ...source, place }];
  });
}

/** Where a run left the small outputs of some steps, computed or re-used. */
async function placesIn(
  { journal }: PastRun,
  plan: PlanInspection,
  steps: ReadonlySet<string>,
): Promise<(step: string, output: string) => StoredAddress | Binding | undefined> {
  const stored = new StoredOutputs();
  const reused = new Map<string, string>();
  for await (const event of readJournal(journal)) {
    if (!('step' in event) || event.step === undefined || !steps.has(event.step)) continue;
    stored.note(event);
    if (event.type === 'step.reuse') reused.set(event.step, event.version);
  }
  return (step, output) => {
    const binding = plan.bindingOf(reused.get(step) ?? '');
    return stored.of(step, output) ?? (isSmall(binding?.outputs[output]) ? binding : undefined);
  };
}

function isSmall(output: Binding['outputs'][string] | undefined): boolean {
  return typeof output === 'object' && (output.bytes ?? MOST_BYTES) < MOST_BYTES;
}

/** The numbers of a value, with their names: itself, or what it holds as an object. */
function numbersIn(name: string, value: unknown): ReadonlyMap<string, number> {
  if (typeof value === 'number') return new Map(Number.isFinite(value) ? [[name, value]] : []);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, item]) =>
      typeof item === 'number' && Number.isFinite(item) ? [[`${name}.${key}`, item] as const] : [],
    ),
  );
}
