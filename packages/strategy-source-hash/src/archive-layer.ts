import { type Digest, digestBytes, digestOfAll } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import type { KeptFile, KeptLeaf, KeptProgram, KeptRows } from './kept-program.ts';
import type { Skeleton } from './slice/skeleton.ts';
import { isCount, isDigest, isListOf, isText } from './stored-facts.ts';
import { StoredFile } from './stored-file.ts';

/** Reads some bytes of a layer; `undefined` when they are not there. */
export type ReadBytes = (start: number, length: number) => Buffer | undefined;

/** A slice, its parts as rows. */
export interface ArchivedSlice {
  /** In the order in which they were found. */
  readonly parts: Int32Array;
  readonly skeleton: Skeleton;
  /** That of the skeleton, where it is known. */
  readonly digest?: Digest;
}

/** What a layer is made of: all of a program and its slices, or what is another than in the layer below. */
export interface LayerContent {
  readonly program: KeptProgram;
  /** How many files the layer below has. */
  readonly below: number;
  /** The numbers of the files that it describes. */
  readonly files: readonly number[];
  /** By their places among all slices. */
  readonly slices: ReadonlyMap<number, ArchivedSlice>;
  /** Rows that stand in the order of their contents. */
  readonly sorted: Iterable<number>;
}

/** A layer as bytes, one piece after the other; `digest` is that of its first part, which has those of the others. */
export interface WrittenLayer {
  readonly digest: Digest;
  readonly bytes: readonly Uint8Array[];
}

/**
 * A layer: two lengths, what is known of it as JSON, and columns of numbers, which are read at once; then descriptions of files, which are read when the
 * program is asked for; and skeletons, each read by itself.
 */
export function writeLayer({ program, below, files, slices, sorted }: LayerContent): WrittenLayer {
  const { facts, leaves, roots, rows } = program;
  const described = files.map((number) => StoredFile.of(program.files[number] as KeptFile));
  const body = [...described.map(({ text }) => text), Buffer.from(JSON.stringify({ facts, roots }))];
  const ways = described.map((file) => file.ways);
  const all = [...slices];
  const head: LayerHead = {
    below,
    paths: program.files.slice(below).map(({ path }) => path),
    files: files.map((number, at) => [number, body[at]?.length ?? 0]),
    body: digestOfAll(body),
    leaves,
    sorted: [...sorted],
    sizes: [rows.files.length, rows.links.length, lengthOf(ways), lengthOf(body)],
    slices: all.map(([at, { parts, skeleton, digest = digestBytes(skeleton) }]) => [
      at,
      parts.length,
      skeleton.length,
      digest,
    ]),
  };
  const columns = [rows.files, rows.units, rows.traits, rows.starts, rows.links, ...ways];
  const lists = [...columns, ...all.map(([, { parts }]) => parts)].map(bytesOf);
  const text = padded(Buffer.from(JSON.stringify(head)));
  const lengths = Uint32Array.of(text.length, lengthOf(lists));
  const front = Buffer.concat([bytesOf(lengths), text, ...lists]);
  return { digest: digestBytes(front), bytes: [front, ...body, ...all.map(([, { skeleton }]) => skeleton)] };
}

function lengthOf(lists: readonly { readonly length: number }[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0);
}

/** Lists of numbers that are to be read where they lie begin at a multiple of their size. */
function padded(text: Buffer): Uint8Array {
  return Buffer.concat([text, Buffer.alloc(-text.length & 3, ' ')]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Where the skeleton of a slice lies. */
interface SkeletonPlace {
  readonly start: number;
  readonly length: number;
  readonly digest: Digest;
}

/** A layer as it is read again. What is read of it later was either written with it, or is not there. */
export class ArchiveLayer {
  readonly head: LayerHead;
  readonly rows: KeptRows;
  /** By the places of the slices. */
  readonly parts: ReadonlyMap<number, Int32Array>;
  /** How many bytes it is. */
  readonly size: number;
  readonly #read: ReadBytes;
  readonly #ways: Int32Array;
  readonly #bodyStart: number;
  readonly #skeletons: ReadonlyMap<number, SkeletonPlace>;
  readonly #skeletonsStart: number;
  #all: Buffer | undefined;

  private constructor(head: LayerHead, numbers: Int32Array, { read, bodyStart }: LayerBytes) {
    const [rows, links, ways, body] = head.sizes;
    let at = 0;
    const next = (length: number): Int32Array => {
      at += length;
      return numbers.subarray(at - length, at);
    };
    this.head = head;
    const [files, units, traits, starts] = [next(rows), next(rows), next(rows), next(rows)] as const;
    this.rows = { files, units, traits, starts, links: next(links) };
    this.#ways = next(ways);
    this.#read = read;
    this.#bodyStart = bodyStart;
    const parts = new Map<number, Int32Array>();
    const skeletons = new Map<number, SkeletonPlace>();
    this.#skeletonsStart = bodyStart + body;
    let start = this.#skeletonsStart;
    for (const [place, count, length, digest] of head.slices) {
      parts.set(place, next(count));
      skeletons.set(place, { start, length, digest });
      start += length;
    }
    this.parts = parts;
    this.#skeletons = skeletons;
    this.size = start;
  }

  /** `undefined` for bytes that are not those which `digest` stands for. */
  static from(read: ReadBytes, digest: Digest): ArchiveLayer | undefined {
    const lengths = read(0, LENGTHS);
    if (lengths?.length !== LENGTHS) return undefined;
    const [text, columns] = [lengths.readUInt32LE(0), lengths.readUInt32LE(4)];
    const bodyStart = LENGTHS + text + columns;
    const front = read(0, bodyStart);
    if (front?.length !== bodyStart || digestBytes(front) !== digest) return undefined;
    const head = headFrom(parseJson(front.subarray(LENGTHS, LENGTHS + text))?.value);
    return head && new ArchiveLayer(head, numbersIn(front, LENGTHS + text, columns / 4), { read, bodyStart });
  }

  /** The files that are described here, by their numbers, and the rest of the program. `pathOf` says those of the layer below. */
  program(pathOf: (number: number) => string): ProgramPart | undefined {
    const { body: digest, files: described, below, paths, sizes } = this.head;
    const body = this.#read(this.#bodyStart, sizes[3]);
    if (body === undefined || digestBytes(body) !== digest) return undefined;
    const files = new Map<number, KeptFile>();
    let [text, ways] = [0, 0];
    for (const [number, length] of described) {
      const path = number < below ? pathOf(number) : (paths[number - below] ?? '');
      const file = new StoredFile(path, body.subarray(text, text + length), this.#ways.subarray(ways));
      files.set(number, file);
      text += length;
      ways += file.numbers;
    }
    const rest = parseJson(body.subarray(text))?.value as Pick<KeptProgram, 'facts' | 'roots'>;
    return { files, ...rest };
  }

  /** A slice to be written again with its digest, by which whoever reads it then sees whether it is as it was; all are read at once. */
  sliceAt(at: number): ArchivedSlice | undefined {
    const [parts, place] = [this.parts.get(at), this.#skeletons.get(at)];
    this.#all ??= this.#read(this.#skeletonsStart, this.size - this.#skeletonsStart);
    if (parts === undefined || place === undefined || this.#all === undefined) return undefined;
    const start = place.start - this.#skeletonsStart;
    return { parts, skeleton: this.#all.subarray(start, start + place.length), digest: place.digest };
  }

  skeletonOf(at: number): Skeleton | undefined {
    const place = this.#skeletons.get(at);
    const skeleton = place && this.#read(place.start, place.length);
    return skeleton !== undefined && digestBytes(skeleton) === place?.digest ? skeleton : undefined;
  }
}

interface LayerBytes {
  readonly read: ReadBytes;
  readonly bodyStart: number;
}

interface ProgramPart extends Pick<KeptProgram, 'facts' | 'roots'> {
  readonly files: ReadonlyMap<number, KeptFile>;
}

/** Bytes of both lengths. */
const LENGTHS = 8;

function numbersIn(bytes: Buffer, start: number, count: number): Int32Array {
  const isAligned = (bytes.byteOffset + start) % 4 === 0;
  return isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset + start, count)
    : new Int32Array(Uint8Array.from(bytes.subarray(start, start + 4 * count)).buffer);
}

interface LayerHead {
  readonly below: number;
  /** Of the files that the layer below does not have. */
  readonly paths: readonly string[];
  /** Of the files that are described here, the numbers and the lengths of the descriptions. */
  readonly files: readonly (readonly [number: number, bytes: number])[];
  /** Digest of all that is between the columns and the skeletons. */
  readonly body: Digest;
  readonly leaves: readonly KeptLeaf[];
  readonly sorted: readonly number[];
  readonly sizes: readonly [rows: number, links: number, ways: number, body: number];
  /** Places, of each how many parts it has, and the length and digest of its skeleton. */
  readonly slices: readonly (readonly [at: number, parts: number, skeleton: number, digest: Digest])[];
}

/** What has the digest that was written down was written by whom this process trusts; anything else in that form is none. */
function headFrom(value: unknown): LayerHead | undefined {
  const head = value as LayerHead;
  const isWhole =
    isListOf(jsonProperty(value, 'paths'), isText) &&
    isListOf(jsonProperty(value, 'sorted'), isCount) &&
    isListOf(jsonProperty(value, 'sizes'), isCount) &&
    head.sizes.length === 4 &&
    isListOf(jsonProperty(value, 'leaves'), isLeaf) &&
    isDigest(jsonProperty(value, 'body')) &&
    Array.isArray(jsonProperty(value, 'files')) &&
    Array.isArray(jsonProperty(value, 'slices'));
  return isWhole ? head : undefined;
}

function isLeaf(value: unknown): value is KeptLeaf {
  return (
    isText(jsonProperty(value, 'token')) &&
    isText(jsonProperty(value, 'whole')) &&
    isCount(jsonProperty(value, 'file')) &&
    isListOf(jsonProperty(value, 'packages'), isText) &&
    isListOf(jsonProperty(value, 'members'), isMember)
  );
}

function isMember(value: unknown): value is string | null {
  return value === null || isText(value);
}
