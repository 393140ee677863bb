import { combine, firstOf, forOps, type VersionStrategy } from '@memo/core';
import { sourceHash } from '@memo/strategy-source-hash';
import { gitVersion } from '../../src/index.ts';

/** A strategy that composes others in every way. */
export function strategy(): VersionStrategy {
  // There is no such git: the source decides.
  const fallback = firstOf(gitVersion({ git: '/nowhere/git' }), sourceHash());
  return combine(firstOf(forOps('clean', gitVersion()), sourceHash()), fallback);
}
