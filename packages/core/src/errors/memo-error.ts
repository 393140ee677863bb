import { ERROR_CODES, type ErrorCode, type ErrorName } from './error-codes.ts';

const BRAND: unique symbol = Symbol.for('@memo/core/error') as never;

/** A position in a source file of the user. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a {@link MemoError} says beside its code and its one-sentence problem. */
export interface MemoErrorOptions {
  /** Why it happened, in one sentence, when the problem does not say it. */
  readonly because?: string;
  /** What to do: a command, or a line to change. */
  readonly fix?: string;
  /** The user's file and line. */
  readonly place?: Place | undefined;
  /** Machine-readable facts (step, op, path …). Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  readonly cause?: unknown;
  /** The errors that this one gathers (definition errors, failed steps). */
  readonly errors?: readonly MemoError[];
}

/**
 * The one error class for what the world does: a bad store, a failed op, a wrong definition.
 * Misuse of a function by a JavaScript caller is a `TypeError` instead.
 *
 * Recognise it with {@link MemoError.is}, which also works across copies of the package; branch on `code`,
 * which is stable within a major version, not on `message`.
 */
export class MemoError extends Error {
  override readonly name = 'MemoError';
  readonly code: ErrorCode;
  /** Kebab-case name of the code, for example `'output-not-found'`. */
  readonly codeName: ErrorName;
  /** The one-sentence problem, without code, cause and fix. */
  readonly problem: string;
  readonly because: string | undefined;
  readonly fix: string | undefined;
  readonly place: Place | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly errors: readonly MemoError[];

  constructor(code: ErrorCode, problem: string, options: MemoErrorOptions = {}) {
    super(layOut(code, problem, options), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.codeName = ERROR_CODES[code].name;
    this.problem = problem;
    this.because = options.because;
    this.fix = options.fix;
    this.place = options.place;
    this.details = options.details ?? {};
    this.errors = options.errors ?? [];
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Path of the page that explains the code, inside the repository and the published package's site. */
  get docs(): string {
    return `docs/errors/${this.code}.md`;
  }

  /** True for a memo error of this or any other copy of the package, optionally of one code. */
  static is(value: unknown, code?: ErrorCode): value is MemoError {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
    return code === undefined || (value as { readonly code?: unknown }).code === code;
  }

  /** The documented JSON form, for machine output. Details, place and the cause's message; no stack. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      name: this.codeName,
      message: this.problem,
      ...(this.because === undefined ? {} : { because: this.because }),
      ...(this.fix === undefined ? {} : { fix: this.fix }),
      ...(this.place ?? {}),
      ...this.details,
      ...(this.cause === undefined ? {} : { cause: messageOf(this.cause) }),
      ...(this.errors.length === 0 ? {} : { errors: this.errors.map((error) => error.toJSON()) }),
      docs: this.docs,
    };
  }
}

/** The same error at a place, unless it names one already. */
export function withPlace(error: MemoError, place: Place | undefined): MemoError {
  if (error.place !== undefined || place === undefined) return error;
  const { code, problem, because, fix, details, cause, errors } = error;
  const known = { ...(because === undefined ? {} : { because }), ...(fix === undefined ? {} : { fix }) };
  return new MemoError(code, problem, { ...known, place, details, cause, errors });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** `src/ops.ts:12:3`, or `undefined` when nothing is known. */
export function formatPlace(place: Place | undefined): string | undefined {
  if (place === undefined) return undefined;
  const line = place.line === undefined ? '' : `:${place.line}`;
  return `${place.file}${line}${place.line !== undefined && place.column !== undefined ? `:${place.column}` : ''}`;
}

function layOut(code: ErrorCode, problem: string, options: MemoErrorOptions): string {
  const lines = [`${code} ${problem}`];
  const at = formatPlace(options.place);
  if (at !== undefined) lines.push(`  at       ${at}`);
  if (options.because !== undefined) lines.push(`  because  ${options.because}`);
  if (options.fix !== undefined) lines.push(`  fix      ${options.fix}`);
  for (const error of options.errors ?? []) lines.push(...error.message.split('\n').map((line) => `  ${line}`));
  lines.push(`  docs     docs/errors/${code}.md`);
  return lines.join('\n');
}
