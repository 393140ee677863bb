import type { ErrorCode } from '../errors/error-codes.ts';
import { MemoError } from '../errors/memo-error.ts';
import { pathText } from './path-text.ts';
import { pathTo } from './path-to.ts';
import { Refusal } from './refusal.ts';

/** How the refusals of an encoding are worded, and which error they become. */
export interface RefusalWording {
  readonly code: ErrorCode;
  /** The end of the sentence "`config.fn` is a function, which …". */
  readonly consequence: string;
  readonly fix: string;
}

const OVERFLOW = 'is nested too deeply for the stack that is left';

/** What is encoded, and how errors call and treat it. */
export interface Encoding {
  readonly root: unknown;
  /** The name of the root in paths: `'config'`. */
  readonly label: string;
  readonly wording: RefusalWording;
}

/** Runs an encoder; its refusals come out as errors that name the path of the offender. */
export function explained<T>(encoding: Encoding, encode: () => T): T {
  try {
    return encode();
  } catch (thrown) {
    const refusal = isStackOverflow(thrown) ? new Refusal(undefined, OVERFLOW, { when: 'nesting' }) : thrown;
    throw refusal instanceof Refusal ? refusalError(encoding, refusal) : thrown;
  }
}

function refusalError({ root, label, wording }: Encoding, refusal: Refusal): MemoError {
  const segments = pathTo(root, refusal) ?? [];
  const path = pathText(label, refusal.segment === undefined ? segments : [...segments, refusal.segment]);
  return new MemoError(wording.code, `${path} ${refusal.what}, which ${wording.consequence}.`, {
    fix: wording.fix,
    details: { path, what: refusal.what },
  });
}

/** Our nesting limit leaves much stack, but a caller may have used most of it already. */
function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && /call stack/i.test(thrown.message);
}
