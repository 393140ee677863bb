import { formatTime, type MemoEvent, oneLine, readJournal } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import type { PastRun } from '../history/run-history.ts';
import { headLines, opLine } from '../progress/frame.ts';
import { logLines } from '../progress/log-lines.ts';
import { type EndedStep, RunState } from '../progress/run-state.ts';
import { endedLine, failureLines } from '../progress/step-line.ts';
import { summaryLines } from '../progress/summary.ts';
import { type Invocation, jsonText, printJson } from './command.ts';
import { statusOf } from './runs.ts';

/** More steps than this are shown an op a line; those that failed keep theirs. */
const MANY_STEPS = 200;

/** A run of the past, told again from its journal; of one step where one is named. */
export async function showRun(invocation: Invocation, run: PastRun, step: string | undefined): Promise<void> {
  const { flags, out } = invocation;
  const state = new RunState();
  const steps: EndedStep[] = [];
  const logs: string[] = [];
  const events: MemoEvent[] = [];
  for await (const event of readJournal(run.journal)) {
    const ended = state.apply(event);
    const about = 'step' in event ? event.step : undefined;
    if (step !== undefined && about !== step && event.type !== 'run.start') continue;
    if (ended !== undefined) steps.push(ended);
    if (event.type === 'step.log') logs.push(...logLines(event, out.paint, flags.has('verbose')));
    if (flags.has('meta') || (flags.has('json') && step !== undefined)) events.push(event);
  }
  if (step !== undefined && steps.length === 0)
    throw new MemoError('M7001', `Run ${run.id} has no step "${step}".`, { details: { run: run.id, step } });
  if (flags.has('json')) printJson(out, document(run, steps, step === undefined ? undefined : events));
  else if (flags.has('meta')) out.printToCopy(events.map((event) => jsonText(event)));
  else {
    const style = { paint: out.paint, columns: out.columns };
    const many = step === undefined && steps.length > MANY_STEPS;
    if (step === undefined)
      out.print(headLines(state, style), out.paint('dim', `begun  ${formatTime(run.start.t)}${byText(run)}`));
    if (many) out.print([...state.ops.values()].map((op) => opLine(op, style).trimEnd()));
    for (const ended of steps)
      if (!many || ended.status === 'failed')
        out.print(endedLine(ended, { ...style, whole: true }), failureLines(ended, style, flags.has('verbose')));
    if (flags.has('logs') && logs.length > 0) out.print('', logs);
    if (step === undefined) out.print(summaryLines(state, out));
    if (step === undefined && state.end === undefined)
      out.print(out.paint('yellow', 'the journal has no end: the run goes on, or was killed'));
  }
}

function byText({ start }: PastRun): string {
  const by = start.tags['memo/by'];
  return by === undefined ? '' : ` by ${oneLine(by)}`;
}

function document(run: PastRun, steps: readonly EndedStep[], events: readonly MemoEvent[] | undefined) {
  const { id, start, end, journal } = run;
  return {
    schema: 'memo.run-record/1' as const,
    run: id,
    job: start.job,
    at: start.t,
    status: statusOf(run),
    tags: start.tags,
    config: start.config,
    ...(end === undefined ? {} : { durationMs: end.durationMs, savedMs: end.savedMs }),
    steps: steps.map(({ step, op, status, durationMs, attempts, error }) => ({
      step,
      op,
      status,
      durationMs,
      attempts,
      error,
    })),
    ...(events === undefined ? {} : { events }),
    journal,
  };
}
