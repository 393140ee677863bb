import { type Binding, type JobInspection, type MemoEvent, readJournal } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import type { PastRun } from './run-history.ts';

/** What a run says of one step. */
interface StepTrace {
  /** Where it stored what it computed, by output. */
  readonly stored: ReadonlyMap<string, readonly string[]>;
  /** The version under which it was re-used. */
  readonly reused: string | undefined;
}

/** The outputs of a step that a run left, computed or re-used. @throws MemoError M7001 where the run does not have it. */
export async function outputsOfRun(run: PastRun, job: JobInspection, step: string): Promise<RunOutputs> {
  const trace = await traceOf(run, step);
  const binding = trace.reused === undefined ? undefined : await bindingOf(job, trace.reused);
  const bound = Object.entries(binding?.outputs ?? {}).filter(([, output]) => output !== 'absent');
  return {
    names: [...new Set([...trace.stored.keys(), ...bound.map(([name]) => name)])],
    load: (output) => {
      const identifier = trace.stored.get(output);
      if (identifier !== undefined) return job.load({ step, identifier }, output);
      if (binding !== undefined) return job.load(binding, output);
      throw new MemoError('M5004', `Run ${run.id} left no ${step}.${output}.`, {
        fix: 'memo show <run> says which steps ran.',
        details: { run: run.id, step, output },
      });
    },
  };
}

export interface RunOutputs {
  readonly names: readonly string[];
  /** @throws MemoError M5004 for what is not there. */
  load(output: string): Promise<unknown>;
}

async function traceOf({ id, journal }: PastRun, step: string): Promise<StepTrace> {
  const stored = new Map<string, readonly string[]>();
  let reused: string | undefined;
  let isKnown = false;
  for await (const event of readJournal(journal)) {
    if (!('step' in event) || event.step !== step) continue;
    isKnown ||= isFate(event);
    if (event.type === 'output.stored') stored.set(event.output, event.identifier);
    if (event.type === 'step.reuse') reused = event.version;
  }
  if (isKnown) return { stored, reused };
  throw new MemoError('M7001', `Run ${id} has no step "${step}".`, {
    fix: 'memo show <run> lists them.',
    details: { run: id, step },
  });
}

function isFate({ type }: MemoEvent): boolean {
  return type === 'step.end' || type === 'step.reuse';
}

async function bindingOf(job: JobInspection, version: string): Promise<Binding | undefined> {
  let found: Binding | undefined;
  for await (const binding of job.bindings()) if (binding.stepVersion === version) found = binding;
  return found;
}
