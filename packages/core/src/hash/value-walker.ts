import { holesAt, refuseExtraFields } from './array-items.ts';
import { sha256 } from './digest.ts';
import { errorFields } from './error-fields.ts';
import { type ContainerKind, isLeafKind, leafText, regexpText } from './leaf-text.ts';
import { numberArrayText } from './number-array.ts';
import { errorClass, kindOf, MAX_NESTING } from './object-kind.ts';
import { fieldKeys, readField, refuseFields } from './record-fields.ts';
import { kindRefusal, nestingRefusal } from './refusal.ts';
import { isWellFormed, type Scalar, scalarText, stringText, unitsInHex } from './scalar-text.ts';
import { compactText, TextSink } from './text-sink.ts';

/** The length of `#` and a digest: only such texts are worth remembering. */
const DIGEST_LENGTH = 65;
const LONG_STRING = 65_536;
const WIDE = 64;
const MAX_REMEMBERED = 4_000_000;

const MAX_KEY_TEXTS = 1000;
const KEY_TEXTS = new Map<string, string>();

/** Thrown to the holder at `depth`: a value inside it refers back to it. */
class BackReference extends Error {
  readonly depth: number;

  constructor(depth: number) {
    super('a value refers back to its holder');
    this.depth = depth;
  }
}

/**
 * Writes the value form. Values without cycles are written as trees: equal parts give equal text whether they are
 * shared or copied, and long texts are remembered by object, so that shared parts are walked once. An object that
 * something inside it refers back to is written as a graph: everything in it is numbered when first met and later
 * meetings give the number, which takes one walk however tangled it is.
 */
export class ValueWalker {
  readonly #holders: object[] = [];
  /** Made up when there is something to remember: most values are small. */
  #remembered: Map<object, string> | undefined;
  #numbers: Map<object, number> | undefined;

  /** The text of a value: at most a few hundred characters. */
  text(value: unknown): string {
    if (typeof value === 'object' && value !== null) return this.#object(value);
    if (typeof value === 'string') return longStringText(value);
    if (typeof value === 'function' || typeof value === 'symbol') throw kindRefusal(value);
    return compactText(scalarText(value as Scalar));
  }

  #object(value: object): string {
    const kind = kindOf(value);
    if (kind === undefined) throw kindRefusal(value);
    if (isLeafKind(kind)) {
      if (kind !== 'view') refuseFields(value);
      return compactText(kind === 'regexp' ? regexpText(value as RegExp) : leafText(kind, value));
    }
    return this.#numbers === undefined ? this.#inTree(kind, value) : this.#inGraph(kind, value, this.#numbers);
  }

  #inTree(kind: ContainerKind, value: object): string {
    const known = this.#remembered?.get(value);
    if (known !== undefined) return known;
    const depth = this.#enter(value);
    let text: string;
    try {
      text = this.#container(kind, value);
    } catch (thrown) {
      if (!(thrown instanceof BackReference) || thrown.depth !== depth) throw thrown;
      text = this.#graph(kind, value, depth);
    }
    this.#holders.pop();
    if (text.length === DIGEST_LENGTH) this.#remember(value, text);
    return text;
  }

  /** Starts again with an object of which we know now that something inside it refers back to it. */
  #graph(kind: ContainerKind, value: object, depth: number): string {
    this.#holders.length = depth + 1;
    this.#numbers = new Map([[value, 0]]);
    try {
      return this.#container(kind, value);
    } finally {
      this.#numbers = undefined;
    }
  }

  #inGraph(kind: ContainerKind, value: object, numbers: Map<object, number>): string {
    const number = numbers.get(value);
    if (number !== undefined) return `^${number};`;
    this.#enter(value);
    numbers.set(value, numbers.size);
    const text = this.#container(kind, value);
    this.#holders.pop();
    return text;
  }

  #enter(value: object): number {
    const depth = this.#holders.lastIndexOf(value);
    if (depth !== -1) throw new BackReference(depth);
    if (this.#holders.length >= MAX_NESTING) throw nestingRefusal(value);
    return this.#holders.push(value) - 1;
  }

  /** The memory of shared parts only saves time; it is dropped before it gets large. */
  #remember(value: object, text: string): void {
    if (this.#remembered === undefined || this.#remembered.size >= MAX_REMEMBERED) this.#remembered = new Map();
    this.#remembered.set(value, text);
  }

  #container(kind: ContainerKind, value: object): string {
    switch (kind) {
      case 'record':
        return this.#record('o', value);
      case 'null-record':
        return this.#record('O', value);
      case 'array':
        return this.#array(value as unknown[]);
      case 'map':
        return this.#map(value as Map<unknown, unknown>);
      case 'set':
        return this.#set(value as Set<unknown>);
      case 'error':
        return this.#error(value);
    }
  }

  #record(tag: 'o' | 'O', record: object): string {
    const keys = fieldKeys(record);
    const head = `${tag}${keys.length}:`;
    if (keys.length > WIDE) return this.#wideRecord(head, record, keys);
    let text = head;
    for (const key of keys) text += keyText(key) + this.text(readField(record, key));
    return compactText(text);
  }

  #wideRecord(head: string, record: object, keys: readonly string[]): string {
    const sink = new TextSink(head);
    for (const key of keys) sink.push(longStringText(key) + this.text(readField(record, key)));
    return sink.end();
  }

  #array(array: readonly unknown[]): string {
    refuseExtraFields(array);
    const numbers = numberArrayText(array);
    if (numbers !== undefined) return numbers;
    const sink = new TextSink(`a${array.length}:`);
    for (let index = 0; index < array.length; index++) {
      const holes = holesAt(array, index);
      sink.push(holes > 0 ? `h${holes};` : this.text(array[index]));
      index += Math.max(0, holes - 1);
    }
    return sink.end();
  }

  #map(map: Map<unknown, unknown>): string {
    refuseFields(map);
    const sink = new TextSink(`m${map.size}:`);
    for (const [key, item] of map) sink.push(this.text(key) + this.text(item));
    return sink.end();
  }

  #set(set: Set<unknown>): string {
    refuseFields(set);
    const sink = new TextSink(`e${set.size}:`);
    for (const item of set) sink.push(this.text(item));
    return sink.end();
  }

  #error(error: object): string {
    const { hidden, shown } = errorFields(error);
    const sink = new TextSink(`E${stringText(errorClass(error))}${hidden.length}:${shown.length}:`);
    for (const [key, value] of [...hidden, ...shown]) sink.push(longStringText(key) + this.text(value));
    return sink.end();
  }
}

/** Records share their keys, so the token of a key is usually written already. */
function keyText(key: string): string {
  const known = KEY_TEXTS.get(key);
  if (known !== undefined) return known;
  const text = longStringText(key);
  if (KEY_TEXTS.size < MAX_KEY_TEXTS && key.length < 64) KEY_TEXTS.set(key, text);
  return text;
}

/** Strings of more than 65,536 units enter by digest. */
function longStringText(value: string): string {
  if (value.length <= LONG_STRING) return stringText(value);
  return isWellFormed(value) ? `S${value.length}:${sha256(value)}` : `X${value.length}:${sha256(unitsInHex(value))}`;
}
