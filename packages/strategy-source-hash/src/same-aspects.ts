import { jsonAspect } from './data-node.ts';
import { lockedAspectNamed } from './npm/lockfiles.ts';
import { CODE_OF_PACKAGE } from './package-json.ts';
import { type Aspect, contentDigest } from './source-files.ts';
import type { StoredContent } from './stored-sightings.ts';

const ASPECTS: ReadonlyMap<string, Aspect> = new Map(
  [CODE_OF_PACKAGE, jsonAspect].map((aspect) => [aspect.name, aspect]),
);

/** True when all that counted of a file counts of its new bytes just so; false where that cannot be told from the bytes alone. */
export function hasSameAspects(path: string, contents: readonly StoredContent[], bytes: Buffer): boolean {
  return contents.every(([name, digest]) => {
    const aspect = ASPECTS.get(name) ?? lockedAspectNamed(path, name);
    return aspect !== undefined && contentDigest(bytes, aspect) === digest;
  });
}
