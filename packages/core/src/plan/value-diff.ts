import { SECRET } from '../definitions/secrets.ts';
import type { Json } from '../definitions/version-strategy.ts';
import { valueKey } from '../versions/record-key.ts';
import type { ValueRecord } from '../versions/step-version-record.ts';

/** One place at which two values differ. Without `before` and `after`: they are large, secret or not known. */
export interface ValueChange {
  /** Keys and indexes, joined by dots; empty for the whole. Keys that are not words are quoted. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

const MOST_CHANGES = 64;
const DEEPEST = 64;
const LONGEST_VALUE = 400;

/** Where two values differ; empty if and only if they have the same key. */
export function diffValues(before: ValueRecord, after: ValueRecord): readonly ValueChange[] {
  if (valueKey(before) === valueKey(after)) return [];
  const secrets = diffSecrets(before.secrets ?? {}, after.secrets ?? {});
  if (before.key === after.key) return secrets;
  return [...diffVisible(before.value, after.value), ...secrets];
}

type Secrets = NonNullable<ValueRecord['secrets']>;

function diffSecrets(before: Secrets, after: Secrets): readonly ValueChange[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => ownField(before, path) !== ownField(after, path)).map((path) => ({ path }));
}

function diffVisible(before: Json | undefined, after: Json | undefined): readonly ValueChange[] {
  if (before === undefined || after === undefined) return [{ path: '' }];
  const changes: ValueChange[] = [];
  new JsonDiff(changes).compare(before, after, []);
  return changes.length === 0 || changes.length > MOST_CHANGES ? [{ path: '' }] : changes;
}

class JsonDiff {
  readonly #changes: ValueChange[];

  constructor(changes: ValueChange[]) {
    this.#changes = changes;
  }

  compare(before: Json | undefined, after: Json | undefined, path: readonly string[]): void {
    if (before === after || this.#changes.length > MOST_CHANGES) return;
    if (path.length < DEEPEST && isObject(before) && isObject(after)) {
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        this.compare(ownField(before, key), ownField(after, key), [...path, segment(key)]);
      }
    } else if (path.length < DEEPEST && Array.isArray(before) && Array.isArray(after)) {
      this.#compareLists(before, after, path);
    } else {
      this.#changes.push(valueChange(path.join('.'), before, after));
    }
  }

  /** Index by index; a list that most likely got or lost items within is one change. */
  #compareLists(before: readonly Json[], after: readonly Json[], path: readonly string[]): void {
    const shorter = Math.min(before.length, after.length);
    const differing: ValueChange[] = [];
    const items = new JsonDiff(differing);
    for (let index = 0; index < shorter; index++) items.compare(before[index], after[index], [...path, String(index)]);
    const shifted = before.length !== after.length && differing.length > 0;
    if (shifted || differing.length > MOST_CHANGES) {
      this.#changes.push(valueChange(path.join('.'), before, after));
      return;
    }
    this.#changes.push(...differing);
    for (let index = shorter; index < Math.max(before.length, after.length); index++) {
      if (this.#changes.length > MOST_CHANGES) return;
      this.compare(before[index], after[index], [...path, String(index)]);
    }
  }
}

/** Values are shown where both are short: one alone would read as if the other had not been there. */
function valueChange(path: string, before: Json | undefined, after: Json | undefined): ValueChange {
  if (!isShowable(before) || !isShowable(after)) return { path };
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function isShowable(value: Json | undefined): boolean {
  if (value === undefined) return true;
  if (value === SECRET) return false;
  if (typeof value === 'string') return value.length <= LONGEST_VALUE;
  if (typeof value !== 'object' || value === null) return true;
  return isShallow(value, 0) && JSON.stringify(value).length <= LONGEST_VALUE;
}

function isShallow(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEEPEST && Object.values(value).every((item) => isShallow(item, depth + 1));
}

function segment(key: string): string {
  return /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownField<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
