import { MemoError } from '../errors/memo-error.ts';
import { THIS_COPY, twoCopies } from './brand.ts';
import { captureSite, placeOf } from './definition-site.ts';
import type { OpDefinition } from './op-definition.ts';

/** What records the steps of the `build` that is running. */
export interface Wiring {
  addStep(definition: OpDefinition, input: unknown, options: unknown): unknown;
}

const ACTIVE: unique symbol = Symbol.for('@memo/core/active-wiring') as never;

interface Active {
  readonly wiring: Wiring;
  readonly copy: string;
}

// On globalThis, so that two copies of the package see each other instead of each seeing nothing.
const slot = globalThis as { [ACTIVE]?: Active | undefined };

/** Runs a build with a wiring in place; builds do not nest. */
export function withWiring<T>(wiring: Wiring, build: () => T): T {
  const outer = slot[ACTIVE];
  slot[ACTIVE] = { wiring, copy: THIS_COPY };
  try {
    return build();
  } finally {
    slot[ACTIVE] = outer;
  }
}

/**
 * The wiring that a call of an op adds to.
 *
 * @throws MemoError M2101 outside build(), M9001 when the build belongs to another copy of the package.
 */
export function activeWiring(opName: string): Wiring {
  const active = slot[ACTIVE];
  if (active === undefined) {
    throw new MemoError('M2101', `Op "${opName}" was called outside a job's build().`, {
      fix: `Wire it inside build(), or use testOp(${opName}, input) in a test.`,
      place: placeOf(captureSite(activeWiring)),
      details: { op: opName },
    });
  }
  if (active.copy !== THIS_COPY) throw twoCopies(active.copy, `Op "${opName}"`);
  return active.wiring;
}
