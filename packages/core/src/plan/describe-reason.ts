import type { CodeChange, Json } from '../definitions/version-strategy.ts';
import { formatPlace } from '../errors/memo-error.ts';
import { shortDigest } from '../hash/digest.ts';
import { formatDuration } from './format-duration.ts';
import { cutEnd, oneLine } from './line-text.ts';
import type { Change, Reason } from './reason.ts';

const MOST_LISTED = 3;
/** Names of a path that are all shown. */
const LONGEST_PATH = 6;

const LONGEST_VALUE = 40;

/** A reason in one line for people: `config \`threshold\` 0.4 → 0.5`, `first run`. No step id of the step itself. */
export function describeReason(reason: Reason): string {
  return oneLine(reasonText(reason));
}

/** A change in one line for people: `code changed: src/clean.ts`, `input docs ← load changed`. */
export function describeChange(change: Change): string {
  return oneLine(changeText(change));
}

function reasonText(reason: Reason): string {
  switch (reason.code) {
    case 'first-run':
      return 'first run';
    case 'changed':
      return reason.changes.length === 0 ? 'changed' : listed(reason.changes.map(changeText), '; ');
    case 'missing':
      return `result is gone from the store${outputsText(reason.outputs)}`;
    case 'damaged':
      return `stored result cannot be read${outputsText(reason.outputs)}`;
    case 'expired':
      return `expired: ${ageText(reason.ageMs)}, may be ${formatDuration(reason.maxAgeMs)} old`;
    case 'refreshed':
      return reason.by === 'op' ? 'refreshed, as its op says' : 'refreshed, as this run was asked to';
    case 'volatile':
      return VOLATILE[reason.because];
    case 'upstream-rebound':
      return `${reason.step} was computed again with another result`;
    case 'memo-off':
      return 'memoization is off';
    case 'upgraded':
      return `upgraded from ${reason.from} to ${reason.to}`;
    case 'elsewhere':
      return `copied from IO manager ${reason.from} to ${reason.to}${outputsText(reason.outputs)}`;
    case 'needed-if':
      return `depends on ${reason.step}`;
    case 'not-needed':
      return 'everything that reads it is reused';
    case 'not-selected':
      return 'not selected';
    case 'absent-input':
      return `input ${reason.input} ← ${sourceText(reason)} is absent`;
  }
}

const VOLATILE = {
  'memo-off': 'always runs: memoization is off for it',
  unversioned: 'always runs: its code has no version',
  untrackable: 'always runs: its code cannot be tracked',
} as const;

function changeText(change: Change): string {
  switch (change.kind) {
    case 'code':
      return codeText(change);
    case 'config':
      return change.path === '' ? `config ${valueText(change)}` : `config \`${change.path}\` ${valueText(change)}`;
    case 'literal':
      return `input ${change.path === '' ? change.input : `${change.input}.${change.path}`} ${valueText(change)}`;
    case 'resource':
      return `resource ${change.resource}${resourceText(change.changes)}`;
    case 'upstream':
      return `input ${change.input} ← ${sourceText(change)} changed`;
    case 'wiring':
      return wiringText(change);
    case 'environment':
      return `environment variable ${change.variable} changed`;
    case 'external':
      return `external ${change.external} changed`;
    case 'salt':
      return `salt ${valueText(change)}`;
    case 'after':
      return `comes after ${change.step}, which changed`;
  }
}

type CodeChangeSet = Extract<Change, { readonly kind: 'code' }>;

function codeText({ by, before, after, changes }: CodeChangeSet): string {
  if (changes.length > 0) return partsText(changes);
  if (by === 'declared') return `declared version ${cutEnd(before, LONGEST_VALUE)} → ${cutEnd(after, LONGEST_VALUE)}`;
  return `code changed: ${shortVersion(before)} → ${shortVersion(after)}`;
}

/** Differences of the code itself after those of what names it. */
function partsText(changes: readonly CodeChange[]): string {
  const naming = changes.flatMap((change) => namingText(change) ?? []);
  const parts = changes.filter((change) => namingText(change) === undefined).map(partText);
  if (parts.length > 0) naming.push(`code changed: ${listed(parts, ', ')}`);
  return naming.join('; ');
}

function namingText({ what, name, before, after }: CodeChange): string | undefined {
  switch (what) {
    case 'strategy':
      return `code version comes from ${name} instead of ${before ?? 'nowhere'}`;
    case 'op':
      return `op is ${name} instead of ${before ?? 'none'}`;
    case 'effect':
      return `effect is of ${after ?? 'no step'} instead of ${before ?? 'no step'}`;
    case 'record':
      return `${name} cannot be read by this release`;
    default:
      return undefined;
  }
}

function partText({ what, name, how, before, after, place, via = [] }: CodeChange): string {
  const at = formatPlace(place);
  const where = at === undefined || at.startsWith(name) ? '' : ` in ${at}`;
  const values =
    before === undefined ||
    after === undefined ||
    (isDigestText(before) && isDigestText(after)) ||
    (what === 'symbol' && !(isBrief(before) && isBrief(after)))
      ? ''
      : ` ${cutEnd(before, LONGEST_VALUE)} → ${cutEnd(after, LONGEST_VALUE)}`;
  const path = via.length > 1 ? ` via ${shortened(via).join(' > ')}` : '';
  return `${name}${where}${how === 'changed' ? values : ` ${how}`}${path}`;
}

/** The ends of a long path tell most. */
function shortened(via: readonly string[]): readonly string[] {
  return via.length <= LONGEST_PATH ? via : [...via.slice(0, 2), '…', ...via.slice(-2)];
}

/** Of a symbol that is no more than a line the text says all. */
function isBrief(text: string): boolean {
  return text.length <= LONGEST_VALUE && !text.includes('\n');
}

/** Digests differ, and say nothing more. */
function isDigestText(text: string): boolean {
  return /^(?:[\w-]+:)?[0-9a-f]{16,}$/.test(text);
}

function resourceText(changes: readonly Change[]): string {
  const [first] = changes;
  if (first?.kind !== 'wiring') return changes.length === 0 ? ' changed' : `: ${listed(changes.map(changeText), '; ')}`;
  if (first.before === undefined) return ` is new (as ${first.input})`;
  return first.after === undefined
    ? ` is gone (was ${first.input})`
    : ` instead of ${first.before} (as ${first.input})`;
}

function wiringText({ input, before, after }: Extract<Change, { readonly kind: 'wiring' }>): string {
  const item = (text: string | undefined): string | undefined => text?.match(/^\[\S+\] (.*)$/s)?.[1];
  if (before === undefined) {
    return item(after) === undefined
      ? `input ${input} is new (← ${after ?? 'nothing'})`
      : `input ${input} has a new item ${after}`;
  }
  if (after === undefined)
    return item(before) === undefined
      ? `input ${input} is gone (was ← ${before})`
      : `input ${input} lacks item ${before}`;
  if (item(after) !== undefined) return `input ${input} is in another order: ${item(before)} → ${item(after)}`;
  return before === after ? `input ${input} has other items` : `input ${input} ← ${after} instead of ${before}`;
}

/** `0.4 → 0.5`, `added: 1`, `removed: 1`, or `changed` where no value may or can be shown. */
function valueText({ before, after }: { readonly before?: Json; readonly after?: Json }): string {
  if (before === undefined) return after === undefined ? 'changed' : `added: ${jsonText(after)}`;
  return after === undefined ? `removed: ${jsonText(before)}` : `${jsonText(before)} → ${jsonText(after)}`;
}

function jsonText(value: Json): string {
  return cutEnd(JSON.stringify(value), LONGEST_VALUE);
}

/** The step alone for the output of an op that has one. */
function sourceText({ step, output }: { readonly step: string; readonly output: string }): string {
  return output === 'result' || output === '' ? step : `${step}.${output}`;
}

function outputsText(outputs: readonly string[]): string {
  return outputs.length === 0 ? '' : `: ${listed(outputs, ', ')}`;
}

function ageText(ageMs: number | undefined): string {
  return ageMs === undefined ? 'its age is not known' : `it is ${formatDuration(ageMs)} old`;
}

function listed(texts: readonly string[], separator: string): string {
  const rest = texts.length - MOST_LISTED;
  return texts.slice(0, MOST_LISTED).join(separator) + (rest > 0 ? `${separator}… ${rest} more` : '');
}

function shortVersion(version: string): string {
  return /^[0-9a-f:]{32,}$/.test(version) ? `${shortDigest(version, 8)}…` : cutEnd(version, LONGEST_VALUE);
}
