import { MemoError } from '../errors/memo-error.ts';
import type { Digest } from './digest.ts';

declare const versionBrand: unique symbol;

/** The version of code or of a step: 1 to 200 characters of `A-Z a-z 0-9 _ . : + @ / ~ -`. */
export type Version = string & { readonly [versionBrand]: true };

/** What a version may look like; every version that Dagster takes is one. */
export const VERSION_PATTERN: RegExp = /^[A-Za-z0-9_.:+@/~-]{1,200}$/;

/**
 * A version from outside (declared on an op, given by a strategy), checked.
 * @param from who gave it, for the error: `op 'clean'`, `strategy 'git' for op 'clean'`
 * @throws MemoError M4003 when it is not one
 */
export function checkVersion(version: unknown, from: string): Version {
  if (isVersion(version)) return version;
  const shown = typeof version === 'string' ? JSON.stringify(shorten(version)) : typeof version;
  throw new MemoError('M4003', `${from} gave ${shown}, which is not a version.`, {
    because: `A version is a text that matches ${VERSION_PATTERN.source}.`,
    fix: 'Use a short text such as "3" or "2024-06-01.b"; digest anything longer.',
    details: { from, pattern: VERSION_PATTERN.source },
  });
}

/** True for a text that can be a version. */
export function isVersion(version: unknown): version is Version {
  return typeof version === 'string' && VERSION_PATTERN.test(version);
}

/** A digest as a version: every digest is one. */
export function versionOf(digest: Digest): Version {
  return digest as string as Version;
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
