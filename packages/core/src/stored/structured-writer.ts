import { holesAt, refuseExtraFields } from '../hash/array-items.ts';
import { littleEndianBytes } from '../hash/byte-views.ts';
import { errorFields } from '../hash/error-fields.ts';
import { type ContainerKind, isLeafKind, type LeafKind } from '../hash/leaf-text.ts';
import { errorClass, kindOf, MAX_NESTING, viewName } from '../hash/object-kind.ts';
import { fieldKeys, readField, refuseFields } from '../hash/record-fields.ts';
import { kindRefusal, nestingRefusal, Refusal } from '../hash/refusal.ts';
import { ByteWriter } from './byte-writer.ts';
import { ObjectNumbers } from './object-numbers.ts';
import { ShapeTable } from './shape-table.ts';
import { MAX_INTEGER, MIN_NUMBERS, STRUCTURED_VERSION, TAG } from './structured-format.ts';

/** Writes one value in the structured format. Refuses exactly what the value form refuses. */
export class StructuredWriter {
  readonly #out = new ByteWriter();
  readonly #objects = new ObjectNumbers();
  readonly #shapes = new ShapeTable();
  #depth = 0;

  /** The bytes of a value, in pieces that may share memory with it. */
  write(value: unknown): Uint8Array[] {
    this.#out.byte(STRUCTURED_VERSION);
    this.#value(value);
    return this.#out.finish();
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#out.byte(TAG.string);
        this.#out.text(value);
        break;
      case 'number':
        this.#number(value);
        break;
      case 'boolean':
        this.#out.byte(value ? TAG.true : TAG.false);
        break;
      case 'undefined':
        this.#out.byte(TAG.undefined);
        break;
      case 'bigint':
        this.#out.byte(TAG.bigint);
        this.#out.text(value.toString(16));
        break;
      case 'object':
        if (value === null) this.#out.byte(TAG.null);
        else this.#object(value);
        break;
      default:
        throw kindRefusal(value);
    }
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < MAX_INTEGER && !Object.is(value, -0)) {
      this.#out.byte(TAG.integer);
      this.#out.varint(value >= 0 ? value * 2 : value * -2 - 1);
    } else {
      this.#out.byte(TAG.float);
      this.#out.float(value);
    }
  }

  #object(value: object): void {
    const kind = kindOf(value);
    if (kind === undefined) throw kindRefusal(value);
    const known = this.#objects.meet(value);
    if (known !== undefined) {
      this.#out.byte(TAG.reference);
      this.#out.varint(known);
    } else if (isLeafKind(kind)) {
      this.#leaf(kind, value);
    } else {
      if (this.#depth >= MAX_NESTING) throw nestingRefusal(value);
      this.#depth++;
      this.#container(kind, value);
      this.#depth--;
    }
  }

  #container(kind: ContainerKind, value: object): void {
    switch (kind) {
      case 'record':
        this.#record(value, TAG.record, TAG.newRecord);
        break;
      case 'null-record':
        this.#record(value, TAG.nullRecord, TAG.newNullRecord);
        break;
      case 'array':
        this.#array(value as unknown[]);
        break;
      case 'map':
        this.#map(value as Map<unknown, unknown>);
        break;
      case 'set':
        this.#set(value as Set<unknown>);
        break;
      case 'error':
        this.#error(value);
        break;
    }
  }

  #record(record: object, known: number, fresh: number): void {
    const keys = fieldKeys(record);
    const shape = this.#shapes.meet(keys);
    if (shape === undefined) {
      this.#out.byte(fresh);
      this.#out.varint(keys.length);
      for (const key of keys) this.#out.text(key);
    } else {
      this.#out.byte(known);
      this.#out.varint(shape);
    }
    for (const key of keys) this.#value(readField(record, key));
  }

  #array(array: readonly unknown[]): void {
    refuseExtraFields(array);
    if (isNumbers(array)) this.#numbers(array);
    else this.#items(array);
  }

  #items(array: readonly unknown[]): void {
    this.#out.byte(TAG.array);
    this.#out.varint(array.length);
    for (let index = 0; index < array.length; index++) {
      const holes = holesAt(array, index);
      if (holes === 0) {
        this.#value(array[index]);
      } else {
        this.#out.byte(TAG.holes);
        this.#out.varint(holes);
        index += holes - 1;
      }
    }
  }

  #numbers(array: readonly number[]): void {
    const integers = integersOf(array);
    this.#out.byte(integers === undefined ? TAG.floats : TAG.integers);
    this.#out.blob(littleEndianBytes(integers ?? floatsOf(array)));
  }

  #map(map: Map<unknown, unknown>): void {
    refuseFields(map);
    this.#out.byte(TAG.map);
    this.#out.varint(map.size);
    for (const [key, value] of map) {
      this.#value(key);
      this.#value(value);
    }
  }

  #set(set: Set<unknown>): void {
    refuseFields(set);
    this.#out.byte(TAG.set);
    this.#out.varint(set.size);
    for (const item of set) this.#value(item);
  }

  #error(error: object): void {
    const { hidden, shown } = errorFields(error);
    this.#out.byte(TAG.error);
    this.#out.text(errorClass(error));
    this.#out.varint(hidden.length);
    this.#out.varint(shown.length);
    for (const [key, value] of [...hidden, ...shown]) {
      this.#out.text(key);
      this.#value(value);
    }
  }

  #leaf(kind: LeafKind, leaf: object): void {
    if (kind !== 'view') refuseFields(leaf);
    switch (kind) {
      case 'view':
        this.#view(leaf as ArrayBufferView);
        break;
      case 'date':
        this.#out.byte(TAG.date);
        this.#out.float((leaf as Date).getTime());
        break;
      case 'regexp':
        this.#regexp(leaf as RegExp);
        break;
      case 'url':
        this.#out.byte(TAG.url);
        this.#out.text((leaf as URL).href);
        break;
      case 'search-params':
        this.#out.byte(TAG.searchParams);
        this.#out.text((leaf as URLSearchParams).toString());
        break;
      case 'array-buffer':
        this.#out.byte(TAG.arrayBuffer);
        this.#out.blob(littleEndianBytes(leaf as ArrayBuffer));
        break;
    }
  }

  #view(view: ArrayBufferView): void {
    this.#out.byte(TAG.view);
    this.#out.text(viewName(view));
    this.#out.blob(littleEndianBytes(view));
  }

  #regexp(regexp: RegExp): void {
    if (typeof regexp.lastIndex !== 'number') throw new Refusal(regexp, 'has a lastIndex that is not a number');
    this.#out.byte(TAG.regexp);
    this.#out.text(regexp.source);
    this.#out.text(regexp.flags);
    this.#out.float(regexp.lastIndex);
  }
}

function isNumbers(array: readonly unknown[]): array is readonly number[] {
  if (array.length < MIN_NUMBERS) return false;
  for (let index = 0; index < array.length; index++) if (typeof array[index] !== 'number') return false;
  return true;
}

/** The numbers as 32-bit integers; `undefined` when they are not. */
function integersOf(array: readonly number[]): Int32Array | undefined {
  const integers = new Int32Array(array.length);
  let index = 0;
  for (const item of array) {
    const integer = item | 0;
    if (integer !== item || Object.is(item, -0)) return undefined;
    integers[index++] = integer;
  }
  return integers;
}

/** The numbers as 64-bit floats with one NaN. */
function floatsOf(array: readonly number[]): Float64Array {
  const floats = new Float64Array(array.length);
  let index = 0;
  for (const item of array) floats[index++] = Number.isNaN(item) ? Number.NaN : item;
  return floats;
}
