import type { VersionStrategy } from '@memo/core';
import { gitVersion } from '../../src/index.ts';

export function strategy(): VersionStrategy {
  return gitVersion();
}
