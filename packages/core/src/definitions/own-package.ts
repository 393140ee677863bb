import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface OwnPackage {
  readonly root?: string;
  readonly version?: unknown;
}

let known: OwnPackage | false | undefined;

/** The directory of this package; `undefined` where its code was moved into the bundle of a program. */
export function ownRoot(): string | undefined {
  const { root } = ownPackage() || {};
  return root;
}

/** The release of this package, kept with every binding; `unknown` where its package.json is not beside it (bundles). */
export function release(): string {
  const { version } = ownPackage() || {};
  return typeof version === 'string' ? version : 'unknown';
}

/** The nearest package.json above this file, if that is the one of this package: how deep the file lies, the build decides. */
function ownPackage(): OwnPackage | false {
  for (let at = dirname(fileURLToPath(import.meta.url)); known === undefined; at = dirname(at)) {
    const found = manifestIn(at);
    if (found !== undefined) known = found.name === '@memo/core' && { root: at, version: found.version };
    else if (dirname(at) === at) known = false;
  }
  return known;
}

function manifestIn(directory: string): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as object;
  } catch {
    return undefined;
  }
}
