import { jsonAspect } from './data-node.ts';
import { lockedAspectNamed } from './npm/lockfiles.ts';
import { packageAspectNamed } from './package-json.ts';
import { type Aspect, contentDigest } from './source-files.ts';
import type { StoredContent } from './stored-sightings.ts';

/** True when all that counted of a file counts of its new bytes just so; false where that cannot be told from the bytes alone. */
export function hasSameAspects(path: string, contents: readonly StoredContent[], bytes: Buffer): boolean {
  return contents.every(([name, digest]) => {
    const aspect = aspectNamed(path, name);
    return aspect !== undefined && contentDigest(bytes, aspect) === digest;
  });
}

function aspectNamed(path: string, name: string): Aspect | undefined {
  return name === jsonAspect.name ? jsonAspect : (packageAspectNamed(name) ?? lockedAspectNamed(path, name));
}
