import type { OutputIdentifier } from '@memo/core/plugin';

/**
 * The key of a stored output below the prefix: its identifier, joined. The segments come from core; they are checked again, because a
 * key that leaves the prefix would be worse than a second look.
 */
export function outputKey(prefix: string, identifier: OutputIdentifier): string {
  if (!isIdentifier(identifier)) throw new TypeError(`Not the identifier of an output: ${JSON.stringify(identifier)}`);
  return prefix + identifier.join('/');
}

/** The identifier of a key, or `undefined` for an object that is not a stored output. */
export function identifierOfKey(prefix: string, key: string): OutputIdentifier | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const segments = key.slice(prefix.length).split('/');
  return isIdentifier(segments) ? segments : undefined;
}

function isIdentifier(segments: readonly string[]): boolean {
  const length = segments[0] === 'outputs' ? 5 : segments[0] === 'runs' ? 4 : 0;
  if (segments.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const segment = segments[index];
    // Outputs that are asked for together differ in their versions.
    if (segment === checked[index]) continue;
    if (typeof segment !== 'string' || !SEGMENT.test(segment)) return false;
    checked[index] = segment;
  }
  return true;
}

/** What was found to be in order last, at each place. */
const checked: string[] = [];

const SEGMENT = /^(?!\.\.?$)[A-Za-z0-9._~-]{1,80}$/;
