import { type Change, formatCount, oneLine, type RootCause, widthOf } from '@memo/core/inspect';

/** A root cause, and what it is called: what is the same in several steps is one. */
export type MergedCause = RootCause & { readonly name: string };

type CodeChange = Extract<Change, { readonly kind: 'code' }>;
type CodePart = CodeChange['changes'][number];

const WIDEST_NAMES = 30;
/** What names the code rather than being it: said in the line of the change itself. */
const NAMING: readonly string[] = ['strategy', 'op', 'effect', 'record'];

/** True where the parts of a change of code are told one by one. */
export function hasParts(change: Change | undefined): change is CodeChange {
  return (
    change?.kind === 'code' && change.changes.length > 0 && !change.changes.some(({ what }) => NAMING.includes(what))
  );
}

/**
 * Causes with what they share said once: a helper that several ops use, a resource, a reason that all have. A change of code is
 * taken apart for that: what one op alone uses stays with it.
 */
export function mergedCauses(causes: readonly RootCause[]): readonly MergedCause[] {
  const sharers = sharersOfParts(causes);
  const groups = new Map<string, RootCause[]>();
  for (const cause of causes.flatMap((each) => byTheirSharers(each, sharers))) {
    const key = keyOf(cause);
    groups.set(key, [...(groups.get(key) ?? []), cause]);
  }
  return [...groups.values()].map(mergedCause);
}

/** For each part of a change of code the steps in which it changed. */
function sharersOfParts(causes: readonly RootCause[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sharers = new Map<string, Set<string>>();
  for (const { step, change } of causes) {
    if (!hasParts(change)) continue;
    for (const part of change.changes) sharers.set(partKey(part), (sharers.get(partKey(part)) ?? new Set()).add(step));
  }
  return sharers;
}

/** A cause for each set of steps that share parts of its change. */
function byTheirSharers(cause: RootCause, sharers: ReadonlyMap<string, ReadonlySet<string>>): readonly RootCause[] {
  const { step, reason, change } = cause;
  if (!hasParts(change)) return [cause];
  const groups = new Map<string, CodePart[]>();
  for (const part of change.changes) {
    const key = [...(sharers.get(partKey(part)) ?? [])].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  return [...groups.values()].map((changes) => ({
    step,
    reason,
    change: { ...change, changes },
    get path() {
      return cause.path;
    },
  }));
}

/** How a part is reached says nothing about what it is. */
function partKey({ via: _, ...part }: CodePart): string {
  return JSON.stringify(part);
}

function keyOf({ reason, change }: RootCause): string {
  if (change === undefined) return JSON.stringify(reason);
  if (change.kind !== 'code') return JSON.stringify(change);
  return change.changes.length === 0 ? JSON.stringify(change) : change.changes.map(partKey).join('\n');
}

function mergedCause(group: readonly RootCause[]): MergedCause {
  const [first] = group as readonly [RootCause, ...RootCause[]];
  const { step, reason, change } = first;
  // A way is that of one step; of several, the others are named already.
  const path = group.length === 1 ? first.path : [step];
  const name = namesOf(group.map((cause) => oneLine(cause.step)));
  return {
    step,
    reason,
    path,
    name,
    ...(change === undefined ? {} : { change: group.length === 1 ? change : withoutWays(change) }),
  };
}

/** `load, clean and 3 more`: as many as there is room for, at least one. */
function namesOf(steps: readonly string[]): string {
  let shown = steps[0] ?? '';
  let count = 1;
  for (const step of steps.slice(1)) {
    const rest = steps.length - count - 1;
    const longer = `${shown}, ${step}`;
    if (widthOf(longer) + (rest > 0 ? ` and ${formatCount(rest)} more`.length : 0) > WIDEST_NAMES) break;
    shown = longer;
    count++;
  }
  return count === steps.length ? shown : `${shown} and ${formatCount(steps.length - count)} more`;
}

/** Each of several steps reaches a part in a way of its own. */
function withoutWays(change: Change): Change {
  if (change.kind !== 'code') return change;
  return { ...change, changes: change.changes.map(({ via: _, ...part }) => part) };
}
