import { AssertionError } from 'node:assert';
import type { Op } from '../definitions/op.ts';
import { OP } from '../definitions/op-definition.ts';
import type { Options } from '../execution/runnable-job.ts';
import { type TestOpArguments, type TestOpOptions, testOp } from './test-op.ts';
import { valueDifference } from './value-difference.ts';

/** How {@link expectDeterministic} runs an op. */
export interface DeterminismOptions<C> extends TestOpOptions<C> {
  /** How often, at least 2. Default: 3. */
  readonly times?: number;
}

/**
 * Runs an op several times with the same input and config, and checks that it gives the same: memoization rests on that. Values
 * are compared as a store keeps them, so the order of keys counts, and the stack of an error does not.
 *
 * @throws AssertionError naming the first path that differs; what {@link testOp} throws.
 */
export async function expectDeterministic<I, R, C>(
  op: Op<I, R, C>,
  input: I,
  ...[options]: Options<C, DeterminismOptions<C>>
): Promise<void> {
  const { times = 3, ...rest }: DeterminismOptions<C> = options ?? {};
  if (!Number.isInteger(times) || times < 2) {
    throw new TypeError(`times must be a whole number of at least 2; got ${String(times)}.`);
  }
  const run = (): Promise<unknown> => testOp(op, ...([input, rest] as unknown as TestOpArguments<I, C>));
  const first = await run();
  for (let time = 2; time <= times; time++) {
    const difference = valueDifference(first, await run(), op[OP].single ? 'result' : 'outputs');
    if (difference === undefined) continue;
    const { path, before, after } = difference;
    throw new AssertionError({
      message: `Op "${op.opName}" gave different outputs for the same input: ${path} was ${before} in run 1 and ${after} in run ${time}.`,
      actual: after,
      expected: before,
      operator: 'expectDeterministic',
    });
  }
}
