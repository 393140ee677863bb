import type { MemoEvent, StepStatus } from './memo-event.ts';

/**
 * What happened to the steps of a run, one short line each, in the order in which it happened: `load reuse`, `clean run`,
 * `fit retry`, `fit failed`, `report skip`, `push cancelled`. Other events give no line.
 */
export function runLog(events: Iterable<MemoEvent>): readonly string[] {
  const lines: string[] = [];
  for (const event of events) {
    if (event.type === 'step.reuse') lines.push(`${event.step} reuse`);
    else if (event.type === 'step.retry') lines.push(`${event.step} retry`);
    else if (event.type === 'step.end') lines.push(`${event.step} ${WORDS[event.status]}`);
  }
  return lines;
}

const WORDS: Readonly<Record<StepStatus, string>> = {
  ran: 'run',
  failed: 'failed',
  skipped: 'skip',
  cancelled: 'cancelled',
};
