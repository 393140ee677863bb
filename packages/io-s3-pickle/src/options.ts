import type { S3Client, S3ClientConfig, ServerSideEncryption, StorageClass } from '@aws-sdk/client-s3';
import type { Codec, Trust } from '@memo/core/plugin';

/** Options of {@link s3Pickle}. */
export interface S3PickleOptions {
  readonly bucket: string;
  /** What all keys begin with, for example `team/cache`: no empty, `.` or `..` parts; at most 512 bytes. Default none. */
  readonly prefix?: string;
  /** A client of yours, which stays yours to destroy. Default: one that the usual AWS environment and `clientOptions` configure. */
  readonly client?: S3Client;
  /** For the client that is made here: region, endpoint, credentials… With an endpoint of your own the bucket is part of the path. */
  readonly clientOptions?: S3ClientConfig;
  /** Codecs that are asked before the built-in ones. Default none. */
  readonly codecs?: readonly Codec[];
  /** Compresses payloads of 1 kB and more where that makes them smaller; not streams. Default `false`. */
  readonly compress?: boolean;
  /** The largest value that is loaded, in bytes after decompression; larger ones count as damaged. Default 4 GB. */
  readonly maxBytes?: number;
  /** How the server encrypts what is written. Default: what the bucket says. */
  readonly encryption?: {
    readonly algorithm: ServerSideEncryption;
    /** Key of the key management service, for `aws:kms`. */
    readonly keyId?: string;
  };
  /** Storage class of values; records and index stay in the bucket's own. Default: that of the bucket. */
  readonly storageClass?: StorageClass;
  /** Most requests in flight, over everything that this manager does. Default 64. */
  readonly concurrency?: number;
  /**
   * Objects up to this size are one request, larger ones are sent in parts of it, 10,000 at most. At least 5 MiB, which S3 asks for. Parts of another size
   * than the default are digested twice. Default 16 MiB.
   */
  readonly partBytes?: number;
  /** How long a request may take with all its repetitions, milliseconds, before the time that its bytes need. Default 60,000. */
  readonly timeoutMs?: number;
  /** Slower than this, a transfer counts as hanging. Default 65,536. */
  readonly minBytesPerSecond?: number;
  /**
   * How many outputs at once are looked for. `index`: what the runs wrote down, and the store for the rest; what was deleted behind
   * memo's back is found out when it is loaded. `ask`: the store, always. Default `index`.
   */
  readonly presence?: 'index' | 'ask';
  /**
   * Whose objects and records count, and what signs them, for a bucket that others can write to. Single looks read the end of an object in
   * place of a HEAD, and what the index does not cover is looked at one by one. Default: everything that is there counts.
   */
  readonly trust?: Trust;
  /**
   * A step whose version another machine computes at the moment is waited for instead of computed twice; a holder that dies is waited for
   * `holdMs`, a minute unless given. Four requests and one write of bindings for each step that runs, and one request each quarter of `holdMs`:
   * for steps that take longer than that. Default `false`.
   */
  readonly leases?: boolean | { readonly holdMs: number };
  /** Refuses to write and delete (M5006), whatever the credentials allow. Default `false`. */
  readonly readOnly?: boolean;
}

/** What is left when the options were checked. */
export type CheckedOptions = Required<
  Omit<S3PickleOptions, 'client' | 'clientOptions' | 'encryption' | 'storageClass' | 'trust'>
> &
  Pick<S3PickleOptions, 'client' | 'clientOptions' | 'encryption' | 'storageClass' | 'trust'>;

/** Throws a `TypeError` for options that no server could make sense of. Nothing is asked. */
export function checkedOptions(options: S3PickleOptions): CheckedOptions {
  const checked: CheckedOptions = {
    codecs: [],
    compress: false,
    maxBytes: 2 ** 32,
    concurrency: 64,
    partBytes: 16 * MEBIBYTE,
    timeoutMs: 60_000,
    minBytesPerSecond: 65_536,
    presence: 'index',
    leases: false,
    readOnly: false,
    ...options,
    prefix: checkedPrefix(options.prefix ?? ''),
  };
  if (typeof options.bucket !== 'string' || !BUCKET.test(options.bucket))
    throw new TypeError(`Not the name of a bucket: ${JSON.stringify(options.bucket)}`);
  if (options.client !== undefined && options.clientOptions !== undefined)
    throw new TypeError('client and clientOptions exclude each other: configure your own client where you make it.');
  for (const name of ['concurrency', 'timeoutMs', 'minBytesPerSecond', 'maxBytes'] as const)
    if (!(checked[name] >= 1)) throw new TypeError(`${name} is at least 1, not ${String(checked[name])}`);
  if (!(checked.partBytes >= 5 * MEBIBYTE)) throw new TypeError('partBytes is at least 5 MiB, which S3 asks for.');
  if (!['index', 'ask'].includes(checked.presence)) throw new TypeError(`Not a presence: ${String(checked.presence)}`);
  return checked;
}

/** A prefix with a slash at its end, or nothing. One slash at the end may be given. */
function checkedPrefix(prefix: string): string {
  if (prefix === '') return '';
  const parts = prefix.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || CONTROL.test(part)))
    throw new TypeError(`A prefix has no empty, "." or ".." parts: ${JSON.stringify(prefix)}`);
  if (ILL_FORMED.test(prefix) || Buffer.byteLength(prefix) > MOST_PREFIX_BYTES)
    throw new TypeError(`A prefix has at most ${MOST_PREFIX_BYTES} bytes of well-formed text.`);
  return `${parts.join('/')}/`;
}

const MEBIBYTE = 1024 * 1024;
const MOST_PREFIX_BYTES = 512;
const BUCKET = /^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[A-Za-z0-9:/._-]{1,500})$/;
const ILL_FORMED = /\p{Surrogate}/u;
const CONTROL = /\p{Cc}/u;
