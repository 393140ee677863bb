import { oneLine } from '@memo/core/inspect';

const SHORT = 6;

/**
 * How a run is called at the prompt: the end of its id, which is random, where the beginning is the time. Every command that
 * takes a run takes that, the whole id, or `last`.
 */
export function runName(id: string): string {
  return oneLine(id.length > SHORT ? id.slice(-SHORT) : id);
}
