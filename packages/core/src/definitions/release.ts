import { ownVersion } from './own-package.ts';

/** The release of this package, kept with every binding; `unknown` where its package.json is not beside it (bundles). */
export function release(): string {
  const version = ownVersion();
  return typeof version === 'string' ? version : 'unknown';
}
