import type { Plan } from '../plan/plan.ts';
import { planLines } from './plan-text.ts';
import { expectPass, type Verdict } from './verdict.ts';

/** A line that stands for any lines. */
const ANY_LINES = '…';

/**
 * Checks that a plan does what a text says, one line a step in topological order: `fit run` for any reason, `fit run: input docs` for
 * a reason that holds this text. A line `…` stands for any steps.
 *
 * @throws AssertionError with the whole plan, and the first line that differs.
 */
export function expectPlan(plan: Plan, text: string): void {
  expectPass(planVerdict(plan, text), 'expectPlan');
}

/** Whether a plan does what a text says; see {@link expectPlan}. */
export function planVerdict(plan: Plan, text: string): Verdict {
  if (!Array.isArray((plan as Partial<Plan> | undefined)?.steps)) {
    throw new TypeError('toMatchPlan takes a plan: await job.plan(…), or the `plan` of a result.');
  }
  const expected = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const actual = planLines(plan);
  const failure = firstMismatch(expected, actual);
  const shown = actual.map((line) => `  ${line}`).join('\n');
  const message = (): string =>
    failure === undefined
      ? `Expected the plan to be another than\n\n${shown}`
      : `Expected the plan to have ${failure}.\n\nThe plan is\n\n${shown}`;
  return { pass: failure === undefined, message, expected: expected.join('\n'), actual: actual.join('\n') };
}

/** What the plan lacks, in words; `undefined` when nothing. */
function firstMismatch(expected: readonly string[], actual: readonly string[]): string | undefined {
  if (matches(expected, actual)) return undefined;
  // The longest beginning of what is expected that fits some beginning of what there is.
  let fitting = expected.length;
  while (fitting > 0 && !matches([...expected.slice(0, fitting), ANY_LINES], actual)) fitting--;
  const missing = expected[fitting];
  if (missing === undefined) return `no step after ${quoted(expected.at(-1))}`;
  const after = fitting === 0 ? 'at the beginning' : `after ${quoted(expected[fitting - 1])}`;
  const instead = expected.includes(ANY_LINES) ? undefined : actual[fitting];
  return `${quoted(missing)} ${after}${instead === undefined ? '' : `, and not ${quoted(instead)}`}`;
}

/** As for the wildcards of file names: each `…` takes as little as it must, and the last one that can takes one line more. */
function matches(expected: readonly string[], actual: readonly string[]): boolean {
  let [at, line, retryAt, retryLine] = [0, 0, -1, 0];
  while (line < actual.length) {
    const wanted = expected[at];
    if (wanted === ANY_LINES) {
      [retryAt, retryLine] = [at, line];
      at++;
    } else if (wanted !== undefined && fits(wanted, actual[line] as string)) {
      at++;
      line++;
    } else if (retryAt >= 0) {
      retryLine++;
      [at, line] = [retryAt + 1, retryLine];
    } else {
      return false;
    }
  }
  return expected.slice(at).every((wanted) => wanted === ANY_LINES);
}

function fits(wanted: string, actual: string): boolean {
  const [step, because] = parts(wanted);
  const [actualStep, actualBecause] = parts(actual);
  return step === actualStep && actualBecause.includes(because);
}

function parts(line: string): readonly [step: string, because: string] {
  const colon = line.indexOf(': ');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2).trim()];
}

function quoted(line: string | undefined): string {
  return `\`${line ?? ''}\``;
}
