import { MemoError } from '../errors/memo-error.ts';
import type { OutputContext } from '../io/io-contexts.ts';

/** `step.output`, as people know it. */
export function outputName(context: OutputContext): string {
  return `${context.step}.${context.output}`;
}

/** Which output an error is about, for its `details`. */
export function outputFacts(context: OutputContext): {
  readonly job: string;
  readonly step: string;
  readonly output: string;
} {
  return { job: context.job, step: context.step, output: context.output };
}

/** The M5004 for a load of what is not there. `path` says where it would be. */
export function notFound(context: OutputContext, path: string, because?: string): MemoError {
  return new MemoError('M5004', `${outputName(context)} is not in the store`, {
    ...(because === undefined ? {} : { because }),
    details: { path, ...outputFacts(context) },
  });
}

/** The M5006 of a store that trusts only what is signed, and has no key to sign with. */
export function cannotSign(context: OutputContext, path: string): MemoError {
  return new MemoError('M5006', `${outputName(context)} cannot be stored: the store has no key to sign it with`, {
    because: 'what is not signed would count as not there',
    fix: 'give trust() a key with `sign`, or put a store of your own before this one with tiered()',
    details: { path, ...outputFacts(context) },
  });
}

/**
 * Refuses a whole value that is another content than the one that counts, `context.contentDigest`. What is not known of one of them is not compared.
 *
 * @param kept the content digest that is kept with the value
 * @throws MemoError M5003
 */
export function checkContent(context: OutputContext, kept: string | undefined, path: string): void {
  const { contentDigest } = context;
  if (contentDigest === undefined || kept === undefined || kept === contentDigest) return;
  throw damaged(context, path, 'it is another content than the record of its version says');
}

/** The M5003 for bytes, or a thing in their place, that no store wrote. */
export function damaged(context: OutputContext, path: string, because: string): MemoError {
  return new MemoError('M5003', `${outputName(context)} is damaged in the store`, {
    because,
    fix: 'run the job again: a damaged output is computed again',
    details: { path, ...outputFacts(context) },
  });
}
