import { sep } from 'node:path';
import type { OutputIdentifier } from '@memo/core/plugin';

/** The directory, below the root of the store, and the file name of a stored output. */
export interface ObjectPath {
  readonly directory: string;
  /** The file's name. */
  readonly name: string;
  readonly path: string;
}

const SEGMENT = /^(?!\.\.?$)(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9._~-]{1,80}(?<!\.)$/i;
const SHARD = /^[0-9a-f]{2}/;
/** What most segments are that name an object. */
const VERSION = /^[0-9a-f]{64}$/;
const UNSHARDED = '--';

/**
 * Where an output is kept: `outputs/<namespace>/<op>/<output>/<first two digits>/<version>` or
 * `runs/<runId>/<step>/<output>`. The segments come from core; they are checked again, because a path that leaves the
 * root would be worse than a second look.
 */
export function objectPath(root: string, identifier: OutputIdentifier): ObjectPath {
  const last = identifier.at(-1);
  const parent = parentOf(root, identifier);
  const isVersion = typeof last === 'string' && VERSION.test(last);
  if (parent === undefined || typeof last !== 'string' || !(isVersion || SEGMENT.test(last))) {
    throw new TypeError(`Not the identifier of an output: ${JSON.stringify(identifier)}`);
  }
  const shard = isVersion ? last.slice(0, 2) : shardOf(last);
  const directory = identifier[0] === 'outputs' ? shardIn(parent, shard) : parent.directory;
  return { directory, name: last, path: directory + sep + last };
}

/** The directory of an output, above those that its versions share by their first two digits. `above` is all of their identifiers but the version. */
export function outputDirectory(root: string, above: OutputIdentifier): string {
  const parent = above[0] === 'outputs' ? parentOf(root, [...above, 'x']) : undefined;
  if (parent === undefined)
    throw new TypeError(`Not what identifiers of an output begin with: ${JSON.stringify(above)}`);
  return parent.directory;
}

/** A directory that holds objects or their shards. */
interface Parent {
  readonly root: string;
  readonly above: OutputIdentifier;
  readonly directory: string;
  readonly shards: Map<string, string>;
}

/** The parent of the last object: plans ask for thousands of versions of one output in a row. */
let lastParent: Parent | undefined;

/** `undefined` for what is no identifier; its last segment is not looked at. */
function parentOf(root: string, identifier: OutputIdentifier): Parent | undefined {
  if (lastParent?.root === root && isBelow(lastParent.above, identifier)) return lastParent;
  const above = identifier.slice(0, -1);
  if (!isIdentifier([...above, 'x'])) return undefined;
  lastParent = { root, above, directory: [root, ...above].join(sep), shards: new Map() };
  return lastParent;
}

function isBelow(above: OutputIdentifier, identifier: OutputIdentifier): boolean {
  if (identifier.length !== above.length + 1) return false;
  for (let index = 0; index < above.length; index++) if (identifier[index] !== above[index]) return false;
  return true;
}

/** One text for all objects of a shard, so that grouping them compares no characters. */
function shardIn({ directory, shards }: Parent, shard: string): string {
  const known = shards.get(shard);
  if (known !== undefined) return known;
  const made = directory + sep + shard;
  shards.set(shard, made);
  return made;
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

function isIdentifier(segments: readonly string[]): boolean {
  const length = segments[0] === 'outputs' ? 5 : segments[0] === 'runs' ? 4 : 0;
  if (segments.length !== length) return false;
  for (const segment of segments) if (typeof segment !== 'string' || !SEGMENT.test(segment)) return false;
  return true;
}

function shardOf(last: string): string {
  return SHARD.test(last) ? last.slice(0, 2) : UNSHARDED;
}
