import { littleEndianBytes, viewFromBytes } from './byte-views.ts';
import { sha256Bytes } from './digest.ts';
import { type ObjectKind, viewName } from './object-kind.ts';
import { Refusal } from './refusal.ts';
import { numberText, stringText } from './scalar-text.ts';

const LEAF_KINDS: ReadonlySet<ObjectKind> = new Set(['view', 'array-buffer', 'date', 'regexp', 'url', 'search-params']);

/** The kinds of objects that hold other values. */
export type ContainerKind = 'record' | 'null-record' | 'array' | 'map' | 'set' | 'error';

/** The kinds of objects that hold no other values. */
export type LeafKind = Exclude<ObjectKind, ContainerKind>;

/** True for kinds that hold no other values. */
export function isLeafKind(kind: ObjectKind): kind is LeafKind {
  return LEAF_KINDS.has(kind);
}

/** A fresh object that equals a leaf; a `Buffer` gives a `Buffer`, a regular expression starts at its beginning. */
export function copyOfLeaf(kind: LeafKind, leaf: object): object {
  switch (kind) {
    case 'date':
      return new Date((leaf as Date).getTime());
    case 'regexp':
      return new RegExp((leaf as RegExp).source, (leaf as RegExp).flags);
    case 'url':
      return new URL((leaf as URL).href);
    case 'search-params':
      return new URLSearchParams((leaf as URLSearchParams).toString());
    case 'view':
      return viewFromBytes(viewName(leaf as ArrayBufferView), littleEndianBytes(leaf as ArrayBufferView)) ?? leaf;
    case 'array-buffer':
      return (leaf as ArrayBuffer).slice(0);
  }
}

/** The token of a date, regular expression (without its `lastIndex`), URL, search params, view or buffer. */
export function leafText(kind: LeafKind, leaf: object): string {
  switch (kind) {
    case 'date':
      return `D${(leaf as Date).getTime()};`;
    case 'regexp':
      return `R${stringText((leaf as RegExp).source)}${stringText((leaf as RegExp).flags)}`;
    case 'url':
      return `U${stringText((leaf as URL).href)}`;
    case 'search-params':
      return `Q${stringText((leaf as URLSearchParams).toString())}`;
    case 'view':
      return bytesText(viewName(leaf as ArrayBufferView), littleEndianBytes(leaf as ArrayBufferView));
    case 'array-buffer':
      return bytesText('ArrayBuffer', littleEndianBytes(leaf as ArrayBuffer));
  }
}

/** The token of a regular expression with the place where its next match begins. */
export function regexpText(regexp: RegExp): string {
  if (typeof regexp.lastIndex !== 'number') throw new Refusal(regexp, 'has a lastIndex that is not a number');
  return `${leafText('regexp', regexp)}${numberText(regexp.lastIndex)}`;
}

/** The token of bytes of a class: their number and their SHA-256, so that it stays short. */
export function bytesText(className: string, bytes: Uint8Array): string {
  return `V${className}:${bytes.byteLength}:${sha256Bytes(bytes)}`;
}
