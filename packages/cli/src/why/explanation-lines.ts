import {
  type Binding,
  type Change,
  describeChange,
  describeReason,
  type Explanation,
  formatAge,
  formatCount,
  oneLine,
  padTo,
  type RootCause,
  type StepVersionRecord,
  widthOf,
} from '@memo/core/inspect';
import { runName } from '../history/run-name.ts';
import type { PlannedJob } from '../project/planned-job.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { unchangedParts } from './checked-parts.ts';
import { type CodeChangeStyle, codeChangeLines } from './code-change-lines.ts';
import { type EarlierRun, earlierRun } from './earlier-run.ts';
import { hasParts, type MergedCause, mergedCauses } from './merged-causes.ts';
import { type SourceTexts, sourceTexts } from './source-texts.ts';

/** How much of an explanation is shown. */
export interface ExplanationStyle {
  readonly terminal: Terminal;
  /** Most root causes. */
  readonly most: number;
  /** Most lines of a difference between sources; 0 for none. */
  readonly diffLines: number;
  /** How many steps up causes are followed; those beyond are summed up. Default: all the way. */
  readonly depth?: number;
  /** Milliseconds since the epoch, for ages. */
  readonly now?: number;
}

const WIDEST_STEP = 30;
const WIDEST_CAUSE = 56;

/** Why a step has its action: against what, the root causes with their way to the step, and what did not change. */
export async function explanationLines(
  { inspection, project, job }: PlannedJob,
  explanation: Explanation,
  style: ExplanationStyle,
): Promise<readonly string[]> {
  const { terminal, most } = style;
  const earlier = explanation.against === undefined ? undefined : await earlierRun(explanation.against.run);
  const binding = explanation.against === undefined ? undefined : inspection.bindingOf(explanation.against.version);
  const [changed, record] = [binding?.record, inspection.record(explanation.step)];
  const { near, far } = within(explanation.rootCauses, style.depth ?? Number.POSITIVE_INFINITY);
  const causes = explanation.action === 'reuse' && changed === record ? [] : mergedCauses(near);
  const shown = causes.slice(0, most);
  const texts = sourceTexts(project.directory, earlier?.commit);
  const lines = [...wrapText(headText(explanation, { earlier, binding, now: style.now }), terminal.columns)];
  const stepWidth = Math.min(WIDEST_STEP, Math.max(0, ...shown.map(({ name }) => widthOf(name))));
  const rest = causes.length - shown.length;
  for (const [index, cause] of shown.entries()) {
    const isLast = index === shown.length - 1 && rest === 0;
    const [head = '', ...details] = causeLines(cause, stepWidth, { ...style, texts });
    const { paint } = terminal;
    lines.push(`${paint('dim', isLast ? '└─' : '├─')} ${head}`.trimEnd());
    lines.push(...details.map((line) => `${paint('dim', isLast ? ' ' : '│')}    ${line}`.trimEnd()));
  }
  if (rest > 0) lines.push(`${terminal.paint('dim', '└─')} … ${formatCount(rest)} more (--all)`);
  if (far > 0)
    lines.push(
      terminal.paint('dim', `${formatCount(far)} ${far === 1 ? 'cause lies' : 'causes lie'} further up (--depth)`),
    );
  if (explanation.against === undefined) return lines;
  if (explanation.reasons.some(({ code }) => code === 'missing') && explanation.version !== undefined) {
    const { prunedText } = await import('./pruned-note.ts');
    lines.push(...(await prunedText(job, explanation.version, style.now)).map((text) => terminal.paint('dim', text)));
  }
  return [...lines, ...unchangedLines(record, changesOf(explanation), terminal), ...blessLines(explanation, terminal)];
}

/** What to do where the code of the step itself is all that differs, and the change may change no result. */
function blessLines({ step, action, rootCauses }: Explanation, { paint, columns }: Terminal): readonly string[] {
  const isOwnCode = rootCauses.every((cause) => cause.step === step && cause.change?.kind === 'code');
  if (action !== 'run' || rootCauses.length === 0 || !isOwnCode) return [];
  const text = `To keep the stored result anyway: memo bless ${oneLine(step)} --why "…"`;
  return wrapText(text, columns).map((line) => paint('dim', line));
}

/** The causes that lie at most so many steps up, and how many lie beyond. */
function within(
  causes: readonly RootCause[],
  depth: number,
): { readonly near: readonly RootCause[]; readonly far: number } {
  const near = depth === Number.POSITIVE_INFINITY ? causes : causes.filter(({ path }) => path.length - 1 <= depth);
  return { near, far: causes.length - near.length };
}

function changesOf({ reasons, rootCauses, step }: Explanation): readonly NonNullable<RootCause['change']>[] {
  const own = reasons.flatMap((reason) => (reason.code === 'changed' ? reason.changes : []));
  return own.length > 0
    ? own
    : rootCauses.flatMap((cause) => (cause.step === step && cause.change !== undefined ? [cause.change] : []));
}

const ACTIONS = {
  run: 'will run',
  reuse: 'is reused',
  pending: 'may run: that is decided while running',
  skip: 'is skipped',
} as const;

interface Comparison {
  readonly earlier: EarlierRun | undefined;
  readonly binding: Binding | undefined;
  readonly now: number | undefined;
}

function headText(explanation: Explanation, comparison: Comparison): string {
  const { step, action, against, version, rootCauses } = explanation;
  const head = `${oneLine(step)} ${ACTIONS[action]}.`;
  if (action === 'skip') return head;
  if (against === undefined)
    return action === 'reuse'
      ? `${head} Nothing differs from what is stored.`
      : `${head} No earlier run of its op is recorded.`;
  const with_ = earlierText(explanation, against, comparison);
  if (against.version === version)
    return action === 'reuse'
      ? `${head} Nothing differs from ${with_}.`
      : `${head} Its version is unchanged since ${with_}:`;
  return `${head} Compared with ${with_}${rootCauses.length === 0 ? '.' : ':'}`;
}

function earlierText(
  explanation: Explanation,
  against: NonNullable<Explanation['against']>,
  { earlier, now }: Comparison,
): string {
  const step = against.step === explanation.step ? '' : `step ${oneLine(against.step)} in `;
  const facts = [
    ...(now === undefined ? [] : [formatAge(now - against.when)]),
    ...(earlier?.commitText === undefined ? [] : [`commit ${oneLine(earlier.commitText)}`]),
    `version ${oneLine(against.version.slice(0, 8))}…`,
  ];
  return `${step}run ${runName(against.run)} (${facts.join(', ')})`;
}

function causeLines(
  cause: MergedCause,
  stepWidth: number,
  { terminal, diffLines, texts }: ExplanationStyle & { readonly texts: SourceTexts },
): readonly string[] {
  const { paint, columns } = terminal;
  const { change } = cause;
  const what = change === undefined ? describeReason(cause.reason) : headOf(change);
  const way = wayOf(cause);
  const step = padTo(cause.name, stepWidth);
  const room = columns - 3 - stepWidth - 2;
  const plain = way === '' ? what : `${padTo(what, Math.min(WIDEST_CAUSE, Math.max(widthOf(what), 28)))}  ${way}`;
  const details = change === undefined ? [] : detailLines(change, { paint, columns, diffLines, texts });
  if (widthOf(plain) <= room) {
    const shown = way === '' ? what : plain.slice(0, plain.length - way.length) + paint('dim', way);
    return [`${paint('bold', step)}  ${shown}`, ...details];
  }
  const words = wrapText(what, Math.max(16, room));
  return [
    `${paint('bold', step)}  ${words[0] ?? ''}`,
    ...words.slice(1).map((line) => `  ${line}`),
    ...(way === '' ? [] : wrapText(way, Math.max(10, columns - 5)).map((line) => paint('dim', line))),
    ...details,
  ];
}

/** What a change is called where its parts follow below. */
function headOf(change: Change): string {
  if (hasParts(change)) return 'code changed';
  return change.kind === 'resource' && change.changes.length > 0 && change.changes[0]?.kind !== 'wiring'
    ? `resource ${oneLine(change.resource)} changed`
    : describeChange(change);
}

function detailLines(change: Change, style: CodeChangeStyle): readonly string[] {
  if (hasParts(change)) return codeChangeLines(change.changes, style);
  if (change.kind !== 'resource' || headOf(change) === describeChange(change)) return [];
  return change.changes.flatMap((inner) => [
    ...wrapText(headOf(inner), Math.max(12, style.columns - 5)),
    ...detailLines(inner, { ...style, columns: style.columns - 2 }).map((line) => `  ${line}`),
  ]);
}

/** `→ embed → fit`; empty for a cause in the step itself. */
function wayOf({ path }: RootCause): string {
  const steps = path.slice(1).map(oneLine);
  const shown =
    steps.length > 5 ? [...steps.slice(0, 2), `${formatCount(steps.length - 4)} more`, ...steps.slice(-2)] : steps;
  return shown.map((step) => `→ ${step}`).join(' ');
}

function unchangedLines(
  record: StepVersionRecord | undefined,
  changes: readonly NonNullable<RootCause['change']>[],
  { paint, columns }: Terminal,
): readonly string[] {
  if (record === undefined) return [];
  const parts = unchangedParts(record, changes).map(({ text }) => text);
  if (parts.length === 0) return [];
  return wrapText(`unchanged: ${parts.join(', ')}`, Math.min(columns, 120)).map((line) => paint('dim', line));
}
