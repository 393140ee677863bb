import { sep } from 'node:path';
import type { OutputIdentifier } from '@memo/core/plugin';

/** The directory, below the root of the store, and the file name of a stored output. */
export interface ObjectPath {
  readonly directory: string;
  readonly path: string;
}

const SEGMENT = /^(?!\.\.?$)(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9._~-]{1,80}(?<!\.)$/i;
const SHARD = /^[0-9a-f]{2}/;
const UNSHARDED = '--';

/**
 * Where an output is kept: `outputs/<namespace>/<op>/<output>/<first two digits>/<version>` or
 * `runs/<runId>/<step>/<output>`. The segments come from core; they are checked again, because a path that leaves the
 * root would be worse than a second look.
 */
export function objectPath(root: string, identifier: OutputIdentifier): ObjectPath {
  const last = checkedLast(identifier);
  let directory = root;
  for (let index = 0; index < identifier.length - 1; index++) directory += sep + identifier[index];
  if (identifier[0] === 'outputs') directory += sep + shardOf(last);
  return { directory, path: directory + sep + last };
}

/** The identifier of a path below the root, given as its segments, or `undefined` for a file that is not ours. */
export function identifierOfPath(segments: readonly string[]): OutputIdentifier | undefined {
  const last = segments.at(-1);
  if (last === undefined) return undefined;
  const sharded = segments[0] === 'outputs';
  if (sharded && segments.at(-2) !== shardOf(last)) return undefined;
  const identifier = sharded ? [...segments.slice(0, -2), last] : segments;
  return isIdentifier(identifier) ? identifier : undefined;
}

/** How many directories lie between the root and the objects of a kind. */
export const OBJECT_DEPTH: Readonly<Record<'outputs' | 'runs', number>> = { outputs: 5, runs: 3 };

function checkedLast(identifier: OutputIdentifier): string {
  const last = identifier.at(-1);
  if (last === undefined || !isIdentifier(identifier)) {
    throw new TypeError(`Not the identifier of an output: ${JSON.stringify(identifier)}`);
  }
  return last;
}

function isIdentifier(segments: readonly string[]): boolean {
  const length = segments[0] === 'outputs' ? 5 : segments[0] === 'runs' ? 4 : 0;
  if (segments.length !== length) return false;
  for (const segment of segments) if (typeof segment !== 'string' || !SEGMENT.test(segment)) return false;
  return true;
}

function shardOf(last: string): string {
  return SHARD.test(last) ? last.slice(0, 2) : UNSHARDED;
}
