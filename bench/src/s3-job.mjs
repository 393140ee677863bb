import { job, op } from '@memo/core';

/** A job of so many steps that read nothing of each other, which keeps its outputs in a store. */
export function squaresOver(io, outputs) {
  const square = op('square', { version: '1', run: ({ value }) => value * value });
  const build = () =>
    Object.fromEntries(
      Array.from({ length: outputs }, (_, value) => [`s${value}`, square({ value }, { id: `s${value}` })]),
    );
  return job('squares', { versions: { id: 'declared', getOpVersion: () => '1' }, io, build });
}
