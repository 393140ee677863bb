import { availableParallelism } from 'node:os';

/**
 * Does work on each item, in the order of the items: as many at once as there are processors, and two where there is one,
 * as most of the work also waits for files and the network.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @param {{ lanes?: number }} [options]
 * @returns {Promise<R[]>} in the order of the items
 */
export async function inLanes(items, work, { lanes = Math.max(2, availableParallelism()) } = {}) {
  const left = items.map((item, index) => ({ item, index }));
  /** @type {R[]} */
  const results = [];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next.index] = await work(next.item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
