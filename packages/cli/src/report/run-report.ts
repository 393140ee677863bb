import { formatDuration, formatTime, oneLine, readJournal } from '@memo/core/inspect';
import { xmlText } from '../graph/svg-graph.ts';
import { commitOf, type PastRun } from '../history/run-history.ts';
import { RunState } from '../progress/run-state.ts';
import { ganttChart, type TimedStep } from './gantt.ts';
import { htmlPage } from './html-page.ts';
import { withoutValues } from './without-values.ts';

/** What a report may leave out. */
export interface ReportOptions {
  /** The graph of the job as SVG, where it can be planned. */
  readonly graph: string | undefined;
  /** Most bytes of the file. Steps beyond are counted, those that ran or failed last of all. */
  readonly maxBytes: number;
  /** False for a report that may be shown to those who must not see the data. */
  readonly values: boolean;
}

const MOST_BARS = 300;
const BYTES_PER_ROW = 600;

/** A run as one HTML document: what happened, when, and why. Opens from a file, without scripts or network. */
export async function runReport(run: PastRun, options: ReportOptions): Promise<string> {
  const state = new RunState();
  const steps: TimedStep[] = [];
  const begun = new Map<string, number>();
  for await (const event of readJournal(run.journal)) {
    if (event.type === 'step.start' && !begun.has(event.step)) begun.set(event.step, event.t - run.start.t);
    const ended = state.apply(options.values ? event : withoutValues(event));
    if (ended !== undefined) steps.push({ ...ended, begun: begun.get(ended.step) ?? ended.at - run.start.t });
  }
  const room = Math.max(50, Math.floor(options.maxBytes / BYTES_PER_ROW));
  const shown = mostTelling(steps, room);
  const bars = shown.filter(({ status }) => status === 'ran' || status === 'failed').slice(0, MOST_BARS);
  const body = [
    header(options.values ? run : { ...run, start: withoutValues(run.start) }, state),
    failures(state),
    bars.length === 0 ? '' : `<h2>When</h2>\n<div class="scroll">${ganttChart(bars)}</div>`,
    `<h2>Steps</h2>\n${table(shown)}`,
    shown.length < steps.length ? `<p class="soft">… ${steps.length - shown.length} more steps are left out.</p>` : '',
    options.graph === undefined
      ? ''
      : `<h2>Graph</h2>\n<p class="soft">As the job is now, with what a run would do.</p>\n<div class="scroll">${options.graph}</div>`,
  ];
  return htmlPage(`${run.start.job} · run ${run.id}`, body.filter((part) => part !== '').join('\n'));
}

function mostTelling(steps: readonly TimedStep[], room: number): readonly TimedStep[] {
  if (steps.length <= room) return steps;
  const first = steps.filter(({ status }) => status === 'ran' || status === 'failed');
  const rest = steps.filter(({ status }) => status !== 'ran' && status !== 'failed');
  return [...first, ...rest].slice(0, room);
}

function header({ id, start, end }: PastRun, state: RunState): string {
  const words = end === undefined ? 'not ended' : `${end.status} in ${formatDuration(end.durationMs)}`;
  const counts =
    end === undefined
      ? `${state.over} of ${start.steps} steps over`
      : `${end.ran} ran · ${end.reused} reused · ${end.failed} failed${end.skipped > 0 ? ` · ${end.skipped} skipped` : ''}`;
  const saved = end !== undefined && end.savedMs >= 1 ? ` · saved ~${formatDuration(end.savedMs)}` : '';
  const facts = [
    formatTime(start.t),
    `run ${id}`,
    commitOf(start),
    start.tags['memo/by'],
    ...Object.values(start.stores),
  ];
  return `<h1>${xmlText(start.job)}</h1>
<p><strong class="${end?.status === 'failure' ? 'failed' : 'ran'}">${xmlText(words)}</strong> · ${counts}${saved}</p>
<p class="soft">${facts
    .filter((fact) => fact !== undefined)
    .map((fact) => xmlText(fact))
    .join(' · ')}</p>
${start.config === undefined ? '' : `<p class="soft">config <code>${xmlText(JSON.stringify(start.config))}</code></p>`}`;
}

function failures({ failures: failed }: RunState): string {
  if (failed.length === 0) return '';
  const parts = failed.map(({ step, error, log }) => {
    const lines = [error?.message ?? '', ...log.map((line) => `│ ${line}`)]
      .join('\n')
      .split('\n')
      .map((line) => xmlText(line));
    return `<h3 class="failed">${xmlText(step)}</h3>\n<pre>${lines.join('\n')}</pre>`;
  });
  return `<h2>Failed</h2>\n${parts.join('\n')}`;
}

function table(steps: readonly TimedStep[]): string {
  const rows = steps.map((step) => {
    const { status, durationMs, savedMs, because, producedBy, op } = step;
    const time =
      status === 'ran' || status === 'failed'
        ? formatDuration(durationMs)
        : savedMs === undefined
          ? ''
          : `saved ${formatDuration(savedMs)}`;
    const why = status === 'reused' ? (producedBy === undefined ? '' : `stored by run ${producedBy}`) : because;
    return `<tr><td>${xmlText(step.step)}</td><td class="soft">${xmlText(op)}</td><td class="${status}">${status}</td><td class="number">${xmlText(time)}</td><td>${xmlText(oneLine(why))}</td></tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th>step</th><th>op</th><th>status</th><th>time</th><th>because</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}
