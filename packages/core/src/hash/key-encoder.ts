import { holesAt, refuseExtraFields } from './array-items.ts';
import { type ContainerKind, copyOfLeaf, isLeafKind, type LeafKind, leafText } from './leaf-text.ts';
import { kindOf, MAX_NESTING } from './object-kind.ts';
import { fieldKeys, readField, refuseFields, writeField } from './record-fields.ts';
import { kindRefusal, nestingRefusal, Refusal } from './refusal.ts';
import { type Scalar, scalarText, stringText } from './scalar-text.ts';

const MAX_TEXT = 100_000_000;

interface Entry {
  readonly text: string;
  readonly key: unknown;
  readonly value: unknown;
}

/**
 * One walk that gives the key form of a value and, when `copying`, its canonical frozen copy: each value is read once,
 * so the text and the copy always agree.
 */
export class KeyEncoder {
  /** The canonical copy of what `encode` encoded last. */
  copy: unknown;
  readonly #copying: boolean;
  readonly #holders: object[] = [];

  constructor(copying: boolean) {
    this.#copying = copying;
  }

  encode(value: unknown): string {
    if (typeof value === 'object' && value !== null) return this.#object(value);
    if (typeof value === 'function' || typeof value === 'symbol') throw kindRefusal(value);
    this.copy = value;
    return scalarText(value as Scalar);
  }

  #object(value: object): string {
    const kind = kindOf(value);
    if (kind === undefined || kind === 'error') throw kindRefusal(value);
    if (isLeafKind(kind)) return this.#leaf(kind, value);
    if (this.#holders.includes(value)) throw new Refusal(value, 'is a circular reference', { when: 'cycle' });
    if (this.#holders.length >= MAX_NESTING) throw nestingRefusal(value);
    this.#holders.push(value);
    const text = this.#container(kind, value);
    this.#holders.pop();
    if (text.length > MAX_TEXT) throw new Refusal(value, 'takes more than 100 MB to write out');
    return text;
  }

  #container(kind: ContainerKind, value: object): string {
    switch (kind) {
      case 'array':
        return this.#array(value as unknown[]);
      case 'map':
        return this.#map(value as Map<unknown, unknown>);
      case 'set':
        return this.#set(value as Set<unknown>);
      default:
        return this.#record(value);
    }
  }

  #record(record: object): string {
    const keys = fieldKeys(record).sort();
    const copy = this.#copying ? {} : undefined;
    let text = `o${keys.length}:`;
    for (const key of keys) {
      text += stringText(key) + this.encode(readField(record, key));
      if (copy !== undefined) writeField(copy, key, this.copy);
    }
    this.copy = Object.freeze(copy);
    return text;
  }

  #array(array: readonly unknown[]): string {
    refuseExtraFields(array);
    const copy: unknown[] | undefined = this.#copying ? [] : undefined;
    let text = `a${array.length}:`;
    for (let index = 0; index < array.length; index++) {
      const holes = holesAt(array, index);
      if (holes > 0) {
        text += `h${holes};`;
        index += holes - 1;
      } else {
        text += this.encode(array[index]);
        if (copy !== undefined) copy[index] = this.copy;
      }
    }
    if (copy !== undefined) copy.length = array.length;
    this.copy = Object.freeze(copy);
    return text;
  }

  #map(map: Map<unknown, unknown>): string {
    refuseFields(map);
    const entries: Entry[] = [];
    for (const [key, value] of map) {
      const keyText = this.encode(key);
      const keyCopy = this.copy;
      entries.push({ text: keyText + this.encode(value), key: keyCopy, value: this.copy });
    }
    entries.sort(byText);
    this.copy = this.#copying ? new Map(entries.map(({ key, value }) => [key, value])) : undefined;
    return `m${entries.length}:${joinTexts(entries)}`;
  }

  #set(set: Set<unknown>): string {
    refuseFields(set);
    const entries: Entry[] = [];
    for (const key of set) entries.push({ text: this.encode(key), key: this.copy, value: undefined });
    entries.sort(byText);
    this.copy = this.#copying ? new Set(entries.map(({ key }) => key)) : undefined;
    return `e${entries.length}:${joinTexts(entries)}`;
  }

  #leaf(kind: LeafKind, leaf: object): string {
    if (kind !== 'view') refuseFields(leaf);
    const plain = Buffer.isBuffer(leaf) ? new Uint8Array(leaf.buffer, leaf.byteOffset, leaf.byteLength) : leaf;
    const own = this.#copying ? copyOfLeaf(kind, plain) : plain;
    this.copy = own;
    return leafText(kind, own);
  }
}

/** Entries are ordered by their key's text: no key's text begins another's, so the value only decides between equal keys. */
function byText(a: Entry, b: Entry): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

function joinTexts(entries: readonly Entry[]): string {
  return entries.map(({ text }) => text).join('');
}
