import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { CheckedOptions } from './options.ts';
import type { Patience, S3Connection } from './s3-connection.ts';
import { statusOf } from './s3-errors.ts';

/** What is known of an object without its bytes. */
export interface ObjectHead {
  readonly bytes: number;
  /** Changes with the content: the tag of the server without quotes, or the id of the write where the server gives none. */
  readonly tag: string;
  /** Who wrote it: an id of the one request that did. */
  readonly write: string | undefined;
}

/** Bytes that come from the server; destroyed, they are let go, and who waits for them gets the error. */
export type Body = Readable;

/** An object whose bytes are on their way. */
export interface OpenObject extends ObjectHead {
  readonly body: Body;
  /** Bytes of the whole object, of which `bytes` come. */
  readonly whole: number;
}

/** What to read: all of an object, what follows a position, or (negative) its last bytes. */
export interface Opening {
  readonly key: string;
  readonly from?: number;
  /** The position after the last byte. Default: the end. */
  readonly to?: number;
  readonly tag?: string;
}

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** What must hold for a write to happen: nothing is at the key, or what has that tag. */
export type Condition = 'absent' | { readonly tag: string };

/** What is to be written. */
export interface Write {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly condition?: Condition | undefined;
  /** Values have the storage class of the options, records that of the bucket. */
  readonly kind: 'value' | 'record';
}

/** `written` with the new tag, or `refused` because the condition did not hold. */
export type WriteOutcome = { readonly written: true; readonly tag: string } | { readonly written: false };

/** The requests that a store needs, with answers in its own words. What the server refuses is thrown as the SDK throws it. */
export class Bucket {
  readonly connection: S3Connection;
  readonly #options: CheckedOptions;
  #conditions: Promise<'honoured' | 'ignored'> | undefined;
  #ignored = false;
  /** Until it is known whether conditions are honoured, what they say is looked at, too. */
  #isSure = false;

  constructor(connection: S3Connection, options: CheckedOptions) {
    this.connection = connection;
    this.#options = options;
  }

  get name(): string {
    return this.#options.bucket;
  }

  /** True once the server was seen to ignore or refuse conditional writes. */
  get ignoresConditions(): boolean {
    return this.#ignored;
  }

  /** Says that the server refuses conditions where it was asked for one elsewhere. */
  noteRefusedConditions(): void {
    this.#ignored = true;
  }

  async head(key: string, patience: Patience): Promise<ObjectHead | undefined> {
    try {
      const found = await this.connection.request(patience, ({ client, sdk, signal }) =>
        client.send(new sdk.HeadObjectCommand({ Bucket: this.#options.bucket, Key: key }), { abortSignal: signal }),
      );
      const write = found.Metadata?.[WRITE];
      return { bytes: found.ContentLength ?? 0, tag: tagOf(found.ETag, write), write };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** The bytes from `from` on, or the last ones where it is negative, of what has that tag; `undefined` when nothing is there. */
  async open(opening: Opening, patience: Patience): Promise<OpenObject | undefined> {
    const { key, tag } = opening;
    const input = { Bucket: this.#options.bucket, Key: key, ...rangeOf(opening), ...onlyOf(tag) };
    try {
      const found = await this.connection.request(patience, ({ client, sdk, signal }) =>
        client.send(new sdk.GetObjectCommand(input), { abortSignal: signal }),
      );
      const body = (found.Body as Body | undefined) ?? Readable.from([]);
      const bytes = found.ContentLength ?? 0;
      const whole = Number(/\/(\d+)$/.exec(found.ContentRange ?? '')?.[1] ?? bytes);
      const write = found.Metadata?.[WRITE];
      return { bytes, whole, tag: tagOf(found.ETag, write), write, body };
    } catch (error) {
      if (isNoSuchKey(error)) return undefined;
      // No range of an object without bytes can be given.
      if (statusOf(error) === 416) return { bytes: 0, whole: 0, tag: '', write: undefined, body: Readable.from([]) };
      throw error;
    }
  }

  /** Writes an object, or leaves what is there: only where the condition holds, as far as the server can tell. */
  async put(write: Write, signal: AbortSignal): Promise<WriteOutcome> {
    const id = newWriteId();
    const patience = { signal, bytes: write.bytes.byteLength };
    for (let attempt = 0; ; attempt++) {
      try {
        if (write.condition !== undefined && (this.#ignored || isOurs(write.condition)))
          return await this.#putUnguarded(write, id, patience);
        if (attempt === 0 && !this.#isSure && !(await this.#allows(write, patience))) return { written: false };
        const tag = tagOf(await this.#send(this.#putInput(write, id), patience), id);
        return write.condition === undefined
          ? { written: true, tag }
          : await this.#checked(write, { id, tag }, patience);
      } catch (error) {
        const status = statusOf(error);
        if (status === 501 && write.condition !== undefined && !this.#ignored) this.#ignored = true;
        else if (status !== 412 && status !== 404 && status !== 409) throw error;
        else if (status === 404 && (write.condition === undefined || write.condition === 'absent')) throw error;
        else {
          // The reply to our own write may have been lost: then it is our repetition that is refused.
          const there = await this.head(write.key, { signal });
          if (there?.write === id) return { written: true, tag: there.tag };
          if (status !== 409 || attempt >= MOST_CONFLICTS) return { written: false };
        }
      }
    }
  }

  /**
   * A first conditional write is sent twice: who honours the condition refuses the second one, and who does not writes the same
   * bytes again. So it is known once whether races have one winner, and no object is made for that alone.
   */
  async #checked(write: Write, own: { id: string; tag: string }, patience: Patience): Promise<WriteOutcome> {
    if (write.condition !== 'absent' || write.bytes.byteLength > MOST_PROBE_BYTES)
      return { written: true, tag: own.tag };
    this.#conditions ??= this.#learn(write, own.id, patience);
    const finding = await this.#conditions;
    this.#ignored = finding === 'ignored';
    this.#isSure = true;
    if (finding === 'honoured') return { written: true, tag: own.tag };
    return this.#readBack(write.key, own.id, patience);
  }

  async #learn(write: Write, id: string, patience: Patience): Promise<'honoured' | 'ignored'> {
    try {
      await this.#send(this.#putInput(write, id), patience);
      return 'ignored';
    } catch (error) {
      if (statusOf(error) === 412 || statusOf(error) === 409) return 'honoured';
      if (statusOf(error) === 501) return 'ignored';
      this.#conditions = undefined;
      throw error;
    }
  }

  /** For servers without conditions: look before, write, and see whose write is there. */
  async #putUnguarded(write: Write, id: string, patience: Patience): Promise<WriteOutcome> {
    if (!(await this.#allows(write, patience))) return { written: false };
    const { condition: _, ...unguarded } = write;
    await this.#send(this.#putInput(unguarded, id), patience);
    return this.#readBack(write.key, id, patience);
  }

  /** Whether the condition of a write holds now: what a server that ignores it would not look at. */
  async #allows({ key, condition }: Write, patience: Patience): Promise<boolean> {
    if (condition === undefined) return true;
    const there = await this.head(key, patience);
    return there?.tag === (condition === 'absent' ? undefined : condition.tag);
  }

  async #readBack(key: string, id: string, patience: Patience): Promise<WriteOutcome> {
    const there = await this.head(key, patience);
    return there?.write === id ? { written: true, tag: there.tag } : { written: false };
  }

  async #send(input: PutObjectCommandInput, patience: Patience): Promise<string | undefined> {
    const { ETag } = await this.connection.request(patience, ({ client, sdk, signal }) =>
      client.send(new sdk.PutObjectCommand(input), { abortSignal: signal }),
    );
    return ETag;
  }

  #putInput({ key, bytes, condition, kind }: Write, id: string): PutObjectCommandInput {
    return {
      ...this.objectInput(key, id, kind),
      Body: bytes,
      ContentLength: bytes.byteLength,
      ...(condition === 'absent' ? { IfNoneMatch: '*' } : onlyOf(condition?.tag)),
    };
  }

  /** What every object that is written here has. */
  objectInput(key: string, write: string, kind: Write['kind']): PutObjectCommandInput {
    const { bucket, encryption, storageClass } = this.#options;
    return {
      Bucket: bucket,
      Key: key,
      ContentType: 'application/octet-stream',
      Metadata: { [WRITE]: write },
      ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.algorithm }),
      ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
      ...(storageClass === undefined || kind === 'record' ? {} : { StorageClass: storageClass }),
    };
  }

  /** A page of keys after `after`, in the order of the server, and whether there are more. */
  async page(
    { prefix, after }: { readonly prefix: string; readonly after?: string | undefined },
    patience: Patience,
  ): Promise<{ readonly objects: readonly ListedObject[]; readonly more: boolean }> {
    const input = {
      Bucket: this.#options.bucket,
      Prefix: prefix,
      ...(after === undefined ? {} : { StartAfter: after }),
    };
    const page = await this.connection.request(patience, ({ client, sdk, signal }) =>
      client.send(new sdk.ListObjectsV2Command(input), { abortSignal: signal }),
    );
    const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key,
      bytes: Size,
      storedAt: LastModified?.getTime() ?? 0,
    }));
    return { objects, more: page.IsTruncated === true };
  }

  /** All objects below a prefix, a page at a time. */
  async *list(prefix: string, patience: Patience): AsyncGenerator<readonly ListedObject[]> {
    for (let after: string | undefined, more = true; more; ) {
      const page = await this.page({ prefix, after }, patience);
      yield page.objects;
      const last = greatest(page.objects);
      more = page.more && last !== undefined && (after === undefined || last > after);
      after = last;
    }
  }

  /** `false` when something of another tag than the one that was named is there, as far as the server can tell. */
  async remove(key: string, patience: Patience, tag?: string): Promise<boolean> {
    const input = { Bucket: this.#options.bucket, Key: key, ...onlyOf(tag) };
    try {
      await this.connection.request(patience, ({ client, sdk, signal }) =>
        client.send(new sdk.DeleteObjectCommand(input), { abortSignal: signal }),
      );
      return true;
    } catch (error) {
      if (tag !== undefined && statusOf(error) === 412) return false;
      throw error;
    }
  }
}

/** An id that no other write has. */
export function newWriteId(): string {
  return randomBytes(16).toString('hex');
}

// Some servers compare what a condition names with the tag as they keep it, without quotes.
function tagOf(quoted: string | undefined, write: string | undefined): string {
  const tag = (quoted ?? '').replaceAll('"', '');
  return tag === '' && write !== undefined ? OURS + write : tag;
}

/** The condition that what is there has a tag, where the tag is one that the server knows. */
function onlyOf(tag: string | undefined): { readonly IfMatch?: string } {
  return tag === undefined || tag === '' || tag.startsWith(OURS) ? {} : { IfMatch: tag };
}

/** Whether a condition names a tag that no server knows, so that we have to look ourselves. */
function isOurs(condition: Condition): boolean {
  return condition !== 'absent' && onlyOf(condition.tag).IfMatch === undefined;
}

function rangeOf({ from = 0, to }: Opening): { readonly Range?: string } {
  if (from < 0) return { Range: `bytes=${from}` };
  if (to !== undefined) return { Range: `bytes=${from}-${to - 1}` };
  return from === 0 ? {} : { Range: `bytes=${from}-` };
}

function isNoSuchKey(error: unknown): boolean {
  return statusOf(error) === 404 && (error as { name?: unknown }).name !== 'NoSuchBucket';
}

function greatest(objects: readonly ListedObject[]): string | undefined {
  let last: string | undefined;
  for (const { key } of objects) if (last === undefined || key > last) last = key;
  return last;
}

const WRITE = 'memo-write';
const OURS = 'memo-write:';
const MOST_CONFLICTS = 5;
const MOST_PROBE_BYTES = 256 * 1024;
