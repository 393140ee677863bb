import { valueKey } from '../versions/record-key.ts';
import type { UpstreamRecord, ValueRecord } from '../versions/step-version-record.ts';
import type { Change } from './reason.ts';
import { outputName, type SourceMatch, upstreamChange, upstreamIdentity } from './upstream-match.ts';
import { diffValues } from './value-diff.ts';

export type ListItem = UpstreamRecord | ValueRecord;

const MOST_LISTED = 16;
const MOST_NAMED = 3;

/** What differs between two lists of sources; empty if and only if they enter a key equally. */
export function diffLists(
  input: string,
  lists: readonly [before: readonly ListItem[], after: readonly ListItem[]],
  match: SourceMatch,
): readonly Change[] {
  const [before, after] = lists;
  if (before.length === after.length && before.every((item, index) => identity(item) === identity(after[index])))
    return [];
  const pairing = new Pairing(before, after, match);
  const changes: Change[] = [];
  for (const [index, item] of after.entries()) {
    const partner = pairing.partnerOf(index);
    if (partner !== undefined) changes.push(...diffItems(input, index, [before[partner] as ListItem, item]));
  }
  return [...changes, ...cameAndWent(input, pairing), ...moved(input, pairing)];
}

/** `list of 136 (a.result, b.result, c.result …)` */
export function listName(items: readonly ListItem[]): string {
  return `list of ${items.length} (${namesOf(items)})`;
}

/** Which item of the older list each item of the newer one was. */
class Pairing {
  readonly before: readonly ListItem[];
  readonly after: readonly ListItem[];
  readonly #partners: (number | undefined)[];
  readonly #free: Set<number>;

  constructor(before: readonly ListItem[], after: readonly ListItem[], match: SourceMatch) {
    this.before = before;
    this.after = after;
    this.#partners = after.map(() => undefined);
    this.#free = new Set(before.keys());
    this.#pairByName(itemName, () => true);
    if (this.#free.size > 0) this.#pairByName(opOutput, (item) => isOutput(item) && match.isGone(item));
    this.#pairLiteralsByPosition();
  }

  partnerOf(index: number): number | undefined {
    return this.#partners[index];
  }

  get removed(): readonly number[] {
    return [...this.#free];
  }

  get added(): readonly number[] {
    return [...this.after.keys()].filter((index) => this.#partners[index] === undefined);
  }

  /** Pairs what is free on both sides and has one name, in order. */
  #pairByName(name: (item: ListItem) => string | undefined, mayBe: (before: ListItem) => boolean): void {
    const waiting = new Map<string | undefined, number[]>();
    for (const index of this.#free) {
      const item = this.before[index] as ListItem;
      const queue = waiting.get(name(item));
      if (!mayBe(item)) continue;
      if (queue === undefined) waiting.set(name(item), [index]);
      else queue.push(index);
    }
    for (const queue of waiting.values()) queue.reverse();
    waiting.delete(undefined);
    for (const index of this.added) {
      const partner = waiting.get(name(this.after[index] as ListItem))?.pop();
      if (partner !== undefined) this.#pair(partner, index);
    }
  }

  #pairLiteralsByPosition(): void {
    for (const index of this.removed) {
      const [before, after] = [this.before[index], this.after[index]];
      if (after === undefined || this.#partners[index] !== undefined) continue;
      if (before !== undefined && !isOutput(before) && !isOutput(after)) this.#pair(index, index);
    }
  }

  #pair(before: number, after: number): void {
    this.#partners[after] = before;
    this.#free.delete(before);
  }
}

function diffItems(input: string, index: number, [before, after]: readonly [ListItem, ListItem]): readonly Change[] {
  if (isOutput(before) && isOutput(after)) {
    return upstreamIdentity(before) === upstreamIdentity(after) ? [] : [upstreamChange(input, before, after)];
  }
  if (isOutput(before) || isOutput(after)) return [];
  return diffValues(before, after).map(({ path, ...values }) => ({
    kind: 'literal',
    input,
    path: path === '' ? String(index) : `${index}.${path}`,
    ...values,
  }));
}

function cameAndWent(input: string, { before, after, removed, added }: Pairing): readonly Change[] {
  if (removed.length + added.length > MOST_LISTED) {
    return [{ kind: 'wiring', input, before: listName(before), after: listName(after) }];
  }
  return [
    ...removed.map((index): Change => gone(input, index, before[index] as ListItem)),
    ...added.map((index): Change => come(input, index, after[index] as ListItem)),
  ];
}

function gone(input: string, index: number, item: ListItem): Change {
  if (isOutput(item)) return { kind: 'wiring', input, before: `[${index}] ${outputName(item)}` };
  return { kind: 'literal', input, path: String(index), ...(item.value === undefined ? {} : { before: item.value }) };
}

function come(input: string, index: number, item: ListItem): Change {
  if (isOutput(item)) return { kind: 'wiring', input, after: `[${index}] ${outputName(item)}` };
  return { kind: 'literal', input, path: String(index), ...(item.value === undefined ? {} : { after: item.value }) };
}

/** One change when items that are in both lists follow each other differently. */
function moved(input: string, pairing: Pairing): readonly Change[] {
  const order = [...pairing.after.keys()].flatMap((index) => pairing.partnerOf(index) ?? []);
  const sorted = order.toSorted((a, b) => a - b);
  const displaced = order.flatMap((partner, position) => (partner === sorted[position] ? [] : [position]));
  if (displaced.length === 0) return [];
  const itemsAt = (partners: readonly number[]): string =>
    namesOf(displaced.map((position) => pairing.before[partners[position] as number] as ListItem));
  return [{ kind: 'wiring', input, before: `[…] ${itemsAt(sorted)}`, after: `[…] ${itemsAt(order)}` }];
}

function namesOf(items: readonly ListItem[]): string {
  const names = items.slice(0, MOST_NAMED).map((item) => (isOutput(item) ? outputName(item) : 'a value'));
  return names.join(', ') + (items.length > MOST_NAMED ? ' …' : '');
}

function itemName(item: ListItem): string {
  return isOutput(item) ? `output ${item.step}\0${item.output}` : identity(item);
}

/** Names an output whose step may have been renamed. */
function opOutput(item: ListItem): string | undefined {
  return isOutput(item) ? `${item.op}\0${item.output}` : undefined;
}

function identity(item: ListItem | undefined): string {
  if (item === undefined) return '';
  return isOutput(item) ? upstreamIdentity(item) : `value ${valueKey(item)}`;
}

/** Told apart as the key tells them apart. */
function isOutput(item: ListItem): item is UpstreamRecord {
  return !('key' in item);
}
