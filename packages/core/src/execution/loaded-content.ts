import { MemoError } from '../errors/memo-error.ts';
import { isKnownScheme, valueDigest } from '../hash/value-digest.ts';
import type { InputContext } from '../io/io-contexts.ts';
import type { IOManager } from '../io/io-manager.ts';
import { hasDigest } from '../stored/value-check.ts';

/**
 * True unless a loaded value is known to be another content than its record says. A store that creates atomically keeps the digest with the value,
 * and compares it itself; what it gives back need not be equal to what was stored. Of any other store, what was read back is what was recorded.
 */
export function isContentOf(context: InputContext, value: unknown, manager: IOManager): boolean {
  const { contentDigest, version } = context;
  if (contentDigest === undefined || version === undefined || manager.capabilities?.atomicCreate === true) return true;
  return !isKnownScheme(contentDigest) || hasDigest(value, contentDigest, { context, managers: [manager] });
}

/** The content digest of a loaded value; `undefined` where nobody can tell. */
export function contentOf(context: InputContext, value: unknown, manager: IOManager): string | undefined {
  try {
    return valueDigest(value, `${context.step}.${context.output}`);
  } catch (error) {
    if (MemoError.is(error, 'M5001')) return manager.digestOutput?.(context, value);
    throw error;
  }
}

/** The error for a value that is not the one that a run has to do with. */
export function otherContent({ step, output }: InputContext, because: string): MemoError {
  return new MemoError('M5003', `Output ${step}.${output} is another content than the one that counts.`, {
    because,
    fix: 'Run the job again: the step is computed anew.',
    details: { step, output },
  });
}
