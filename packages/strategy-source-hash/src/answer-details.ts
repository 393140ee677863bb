import type { Digest } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import type { Layers } from './slice-archive.ts';
import type { StoredDefinition } from './stored-definition.ts';
import { isCount, isDigest, isListOf } from './stored-facts.ts';
import type { StoredContent, StoredSightings } from './stored-sightings.ts';
import { StoredValue } from './stored-value.ts';

/** A source file that answers rest on. */
export interface RememberedSource {
  /** See `shapeOf`. */
  readonly shape: Digest;
  readonly withPlaces: boolean;
  /** True when a definition was made by it. */
  readonly isDefinition: boolean;
  /** See `GraphNode.setting`. */
  readonly setting: string;
}

/** What is known of a file that was read, beside how it looked. */
export interface RememberedFile {
  readonly contents: readonly StoredContent[];
  /** Absent for what is no source. */
  readonly source?: RememberedSource | undefined;
}

/** The slices that answers were made from: the digests of the layers of their archive, each of which is a file of its own. */
export interface RememberedSlices extends Layers<Digest> {
  /** The contents of their parts, one digest after the other. */
  readonly contents: Uint8Array;
}

interface Details {
  /** Stand for the questions one by one. */
  readonly keys: readonly Digest[];
  /** The definitions that the questions are about, where these can be told again after an edit of their files. */
  readonly definitions?: readonly StoredDefinition[] | undefined;
  /** The files that were read, of each directory that was seen. */
  readonly files: readonly (readonly RememberedFile[])[];
  /** Absent where answers have nothing to do with what symbols compute. */
  readonly slices?: RememberedSlices | undefined;
}

/** Parts as they are in place of what they were. */
type Changed = { readonly [part in 'keys' | 'definitions' | 'slices']?: Details[part] | undefined } & {
  /** By directories. Those that were not seen before come after the others. */
  readonly files?: ReadonlyMap<number, readonly RememberedFile[]>;
};

/**
 * What is known of answers that only edits and other questions need. An edit has to do with little of it: what nobody asks for is not read, and is written
 * again as it lies there.
 */
export class AnswerDetails implements Details {
  readonly #keys: StoredValue<readonly Digest[]>;
  readonly #definitions: StoredValue<readonly StoredDefinition[]> | undefined;
  readonly #definers: StoredValue<readonly string[]> | undefined;
  readonly #files: readonly StoredValue<readonly RememberedFile[]>[];
  readonly slices: RememberedSlices | undefined;

  private constructor({ keys, definitions, definers, files, slices }: Parts) {
    this.#keys = keys;
    this.#definitions = definitions;
    this.#definers = definers;
    this.#files = files;
    this.slices = slices;
  }

  static of({ keys, definitions, files, slices }: Details): AnswerDetails {
    return new AnswerDetails({
      keys: StoredValue.of(keys),
      ...partsOf(definitions),
      files: files.map((one) => StoredValue.of(one)),
      slices,
    });
  }

  /** What {@link written} gave; whoever reads it knows that it is as it was written. `undefined` for anything else. */
  static from(bytes: Buffer): AnswerDetails | undefined {
    const length = bytes.length < LENGTH ? 0 : bytes.readUInt32LE(0);
    const head = headFrom(parseJson(bytes.subarray(LENGTH, LENGTH + length))?.value);
    let at = LENGTH + length;
    const next = (size: number): Buffer => {
      at += size;
      return bytes.subarray(at - size, at);
    };
    if (head === undefined) return undefined;
    const { slices } = head;
    const stored = <T>(size: number): StoredValue<T> => StoredValue.from<T>(next(size));
    const keys = stored<readonly Digest[]>(head.keys);
    const areThere = head.definitions !== undefined && head.definers !== undefined;
    const definitions = areThere ? stored<readonly StoredDefinition[]>(head.definitions) : undefined;
    const definers = areThere ? stored<readonly string[]>(head.definers) : undefined;
    const files = head.files.map((size) => stored<readonly RememberedFile[]>(size));
    const contents = slices && { base: slices.base, edits: slices.edits, contents: next(slices.contents) };
    return new AnswerDetails({ keys, definitions, definers, files, slices: contents });
  }

  get keys(): readonly Digest[] {
    return this.#keys.value;
  }

  get definitions(): readonly StoredDefinition[] | undefined {
    return this.#definitions?.value;
  }

  /** The files by which these were made: known without a look at each of them. */
  get definers(): readonly string[] | undefined {
    return this.#definers?.value;
  }

  get files(): readonly (readonly RememberedFile[])[] {
    return this.#files.map(({ value }) => value);
  }

  /** True when it has files of as many directories as were seen. */
  isAbout({ directories }: Pick<StoredSightings, 'directories'>): boolean {
    return this.#files.length === directories.length;
  }

  /** The files of one directory. */
  filesIn(directory: number): readonly RememberedFile[] {
    return this.#files[directory]?.value ?? [];
  }

  with({ keys, definitions, files, slices = this.slices }: Changed): AnswerDetails {
    const own = [...this.#files];
    for (const [directory, some] of files ?? []) own[directory] = StoredValue.of(some);
    const made =
      definitions === undefined ? { definitions: this.#definitions, definers: this.#definers } : partsOf(definitions);
    return new AnswerDetails({
      keys: keys === undefined ? this.#keys : StoredValue.of(keys),
      ...made,
      files: own,
      slices,
    });
  }

  /** As it is stored, one piece after the other. */
  written(): readonly Uint8Array[] {
    const { slices } = this;
    const [keys, definitions, definers] = [this.#keys.json, this.#definitions?.json, this.#definers?.json];
    const files = this.#files.map(({ json }) => json);
    const head: Head = {
      keys: keys.length,
      definitions: definitions?.length,
      definers: definers?.length,
      files: files.map((json) => json.length),
      slices: slices && { base: slices.base, edits: slices.edits, contents: slices.contents.length },
    };
    const text = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32LE(text.length);
    const parts = [length, text, keys, definitions, definers, ...files, slices?.contents];
    return parts.filter((part) => part !== undefined);
  }
}

interface Parts {
  readonly keys: StoredValue<readonly Digest[]>;
  readonly definitions: StoredValue<readonly StoredDefinition[]> | undefined;
  readonly definers: StoredValue<readonly string[]> | undefined;
  readonly files: readonly StoredValue<readonly RememberedFile[]>[];
  readonly slices: RememberedSlices | undefined;
}

function partsOf(definitions: Details['definitions']): Pick<Parts, 'definitions' | 'definers'> {
  if (definitions === undefined) return { definitions: undefined, definers: undefined };
  const definers = new Set(definitions.flatMap(({ calls }) => calls.map(([file]) => file)));
  return { definitions: StoredValue.of(definitions), definers: StoredValue.of([...definers]) };
}

/** Bytes of the length of the head. */
const LENGTH = 4;

/** How long all parts are. */
interface Head {
  readonly keys: number;
  readonly definitions?: number | undefined;
  readonly definers?: number | undefined;
  readonly files: readonly number[];
  readonly slices?: (Layers<Digest> & { readonly contents: number }) | undefined;
}

function headFrom(value: unknown): Head | undefined {
  const [keys, definitions, definers, files, slices] = ['keys', 'definitions', 'definers', 'files', 'slices'].map(
    (part) => jsonProperty(value, part),
  );
  const isWhole =
    isCount(keys) &&
    (definitions === undefined || isCount(definitions)) &&
    (definers === undefined || isCount(definers)) &&
    isListOf(files, isCount) &&
    (slices === undefined || isSlices(slices));
  return isWhole ? { keys, definitions, definers, files, slices } : undefined;
}

function isSlices(value: unknown): value is NonNullable<Head['slices']> {
  const [base, edits] = [jsonProperty(value, 'base'), jsonProperty(value, 'edits')];
  return isDigest(base) && (edits === undefined || isDigest(edits)) && isCount(jsonProperty(value, 'contents'));
}
