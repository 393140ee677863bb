import { shortDigest } from '../hash/digest.ts';
import { describeChange, describeReason } from './describe-reason.ts';
import { formatCount, formatTime } from './format-duration.ts';
import { cutMiddle, oneLine, padTo, widthOf } from './line-text.ts';
import type { Action, Explanation, RootCause } from './reason.ts';

type Facts = Omit<Explanation, 'toString'>;

const MOST_CAUSES = 12;
const WIDEST_STEP = 30;
const WIDEST_CAUSE = 48;
const PATH_ENDS = 2;

/** An explanation as lines for people: what happens and against what, then root causes, 12 at most, each with its way to the step. */
export function explanationText(facts: Facts): string {
  const causes = facts.rootCauses.slice(0, MOST_CAUSES).map((cause) => ({
    step: name(cause.step),
    what: cause.change === undefined ? describeReason(cause.reason) : describeChange(cause.change),
    way: wayOf(cause),
  }));
  const stepWidth = Math.max(0, ...causes.map(({ step }) => widthOf(step)));
  const whatWidth = Math.min(
    WIDEST_CAUSE,
    Math.max(0, ...causes.map(({ what, way }) => (way === '' ? 0 : widthOf(what)))),
  );
  const rest = facts.rootCauses.length - causes.length;
  const lines = causes.map(({ step, what, way }, index) => {
    const branch = index === causes.length - 1 && rest === 0 ? '└─' : '├─';
    return `${branch} ${padTo(step, stepWidth)}  ${way === '' ? what : `${padTo(what, whatWidth)}  ${way}`}`;
  });
  if (rest > 0) lines.push(`└─ … ${formatCount(rest)} more`);
  return [headLine(facts), ...lines].join('\n');
}

const ACTIONS: Readonly<Record<Action, string>> = {
  run: 'will run',
  reuse: 'is reused',
  pending: 'may run: that is decided while running',
  skip: 'is skipped',
};

function headLine(facts: Facts): string {
  const head = `${name(facts.step)} ${ACTIONS[facts.action]}.`;
  const { against } = facts;
  if (facts.action === 'skip') return head;
  if (facts.action === 'reuse')
    return `${head} Nothing differs from ${against === undefined ? 'what is stored' : earlier(facts, against)}.`;
  if (against === undefined) return `${head} There is no earlier result of its op to compare with.`;
  const end = facts.rootCauses.length === 0 ? '.' : ':';
  const same = against.version === facts.version ? ' Its version is unchanged.' : '';
  return `${head}${same} Compared with ${earlier(facts, against)}${end}`;
}

function earlier(facts: Facts, against: NonNullable<Facts['against']>): string {
  const step = against.step === facts.step ? '' : `step ${name(against.step)} in `;
  return `${step}run ${name(against.run)} (${formatTime(against.when)}, version ${oneLine(shortDigest(against.version, 8))}…)`;
}

/** `→ embed → fit`; empty for a cause in the step itself. */
function wayOf({ path }: RootCause): string {
  const steps = path.slice(1);
  const left = steps.length - 2 * PATH_ENDS;
  const shown =
    left > 1
      ? [...steps.slice(0, PATH_ENDS).map(name), `${formatCount(left)} more`, ...steps.slice(-PATH_ENDS).map(name)]
      : steps.map(name);
  return shown.map((step) => `→ ${step}`).join(' ');
}

function name(text: string): string {
  return cutMiddle(oneLine(text), WIDEST_STEP);
}
