import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * By how many bytes `work` took the most memory that this process ever had further up.
 *
 * A process that once had far more than it has would hide what `work` takes under that peak: the memory between is held first, so that whatever
 * `work` takes comes on top.
 */
export async function growthOfPeak(work: () => Promise<void>): Promise<number> {
  collectGarbage();
  const held: Buffer[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const gap = peakBytes() - process.memoryUsage.rss();
    if (gap <= IGNORED_GAP) break;
    held.push(Buffer.alloc(gap, 1));
  }
  const before = peakBytes();
  await work();
  const grown = peakBytes() - before;
  held.length = 0;
  return grown;
}

const IGNORED_GAP = 4 * 1024 * 1024;

/** Where memory is swapped out, what is held does not stay, and holding more would never end. */
const MOST_ROUNDS = 4;

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Garbage that is collected while the work runs would make room for what the work takes. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
