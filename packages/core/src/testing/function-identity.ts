import type { OpVersionContext, ResourceVersionContext, VersionStrategy } from '../definitions/version-strategy.ts';

/**
 * A version strategy for tests: the same function has the same version for as long as the process lives, another function has
 * another one, however alike they look. What was computed by one process is never re-used by the next.
 */
export function functionIdentity(): VersionStrategy {
  return {
    id: 'function-identity@1',
    getOpVersion: ({ run }: OpVersionContext) => identityOf(run),
    getResourceVersion: ({ setup }: ResourceVersionContext) => identityOf(setup),
  };
}

const identities = new WeakMap<object, string>();
let count = 0;

function identityOf(code: object): string {
  const known = identities.get(code) ?? `function-${++count}`;
  identities.set(code, known);
  return known;
}
