import { MemoError, type OutputContext, outputFacts, outputName } from '@memo/core/plugin';
import { DeadlineError } from './deadline.ts';

/** What was attempted when the server refused, for the message. */
export interface Attempt {
  readonly doing: 'read' | 'write' | 'delete' | 'look for' | 'list';
  /** `s3://bucket/key`. */
  readonly url: string;
  readonly context?: OutputContext;
  /** Who asks, where that is not one output. */
  readonly signal?: AbortSignal;
}

/** The HTTP status of what the SDK threw. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

/**
 * The memo error for what a server or the SDK threw: M5006 where the store cannot be written as it is, M5002 for the rest. Errors that are
 * ours already, and aborts, stay as they are.
 */
export function s3Error(error: unknown, attempt: Attempt): unknown {
  if (MemoError.is(error) || error instanceof TypeError) return error;
  const { context, doing, url } = attempt;
  const signal = context?.signal ?? attempt.signal;
  if (signal?.aborted === true && (error === signal.reason || isAbort(error))) return signal.reason;
  const name = nameOf(error);
  const writes = doing === 'write' || doing === 'delete';
  const what = context === undefined ? url : `${outputName(context)} at ${url}`;
  return new MemoError(writes && NOT_WRITABLE.has(name) ? 'M5006' : 'M5002', `Cannot ${doing} ${what}: ${name}`, {
    ...troubleOf(error, name, writes),
    details: { url, s3Error: name, ...statusFact(error), ...(context && outputFacts(context)) },
    cause: error,
  });
}

/** The same for records. */
export function recordsError(error: unknown, attempt: Attempt): unknown {
  const mapped = s3Error(error, attempt);
  if (!MemoError.is(mapped) || mapped.code === 'M5009') return mapped;
  const { problem, because, fix, details, cause } = mapped;
  const said = { ...(because === undefined ? {} : { because }), ...(fix === undefined ? {} : { fix }) };
  return new MemoError('M5009', problem, { ...said, details, cause });
}

/** The M5006 of a store that was made read-only. */
export function readOnlyError(doing: 'write' | 'delete', what: string): MemoError {
  return new MemoError('M5006', `Cannot ${doing} ${what}: the store is read-only`, {
    because: 'it was made with readOnly: true',
    fix: 'Put a store that can be written before it, or leave readOnly out where writing is meant.',
    details: { url: what },
  });
}

interface Trouble {
  readonly because?: string;
  readonly fix?: string;
}

function troubleOf(error: unknown, name: string, writes: boolean): Trouble {
  if (error instanceof DeadlineError) {
    return { because: error.message, fix: 'Try again, or allow more time with timeoutMs or fewer minBytesPerSecond.' };
  }
  const known = TROUBLES[name];
  if (known !== undefined) return known;
  if (statusOf(error) === 403) {
    const right = writes ? 'write (s3:PutObject, s3:DeleteObject)' : 'read (s3:GetObject, s3:ListBucket)';
    return { because: 'the credentials do not allow it', fix: `Give them the right to ${right} below the prefix.` };
  }
  return THROTTLED.has(name)
    ? { because: 'the server asks for fewer requests', fix: 'Try again, or lower concurrency.' }
    : {};
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  NoSuchBucket: { because: 'the bucket does not exist', fix: 'Create the bucket, or correct its name.' },
  CredentialsProviderError: {
    because: 'no credentials were found',
    fix: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give clientOptions.',
  },
  ExpiredToken: { because: 'the credentials have expired', fix: 'Log in again.' },
  InvalidAccessKeyId: { because: 'the server does not know the access key', fix: 'Correct the credentials.' },
  SignatureDoesNotMatch: { because: 'the secret key is another one', fix: 'Correct the credentials.' },
  RequestTimeTooSkewed: { because: 'the clock of this machine is wrong', fix: 'Set the clock.' },
  QuotaExceeded: { because: 'the quota is used up', fix: 'Prune the store, or raise the quota.' },
};

const NOT_WRITABLE: ReadonlySet<string> = new Set(['AccessDenied', 'QuotaExceeded', 'MethodNotAllowed', 'Forbidden']);
const THROTTLED: ReadonlySet<string> = new Set(['SlowDown', 'ThrottlingException', 'RequestLimitExceeded']);

function nameOf(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (typeof code === 'string' && /^E[A-Z_]+$/.test(code)) return code;
  return typeof name === 'string' && name !== '' ? name : 'unknown error';
}

function statusFact(error: unknown): { readonly status?: number } {
  const status = statusOf(error);
  return status === undefined ? {} : { status };
}

function isAbort(error: unknown): boolean {
  return nameOf(error) === 'AbortError' || nameOf(error) === 'TimeoutError';
}
