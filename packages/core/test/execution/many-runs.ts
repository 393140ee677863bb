// Prints heap bytes and active resources after some runs, and after more: node --expose-gc many-runs.ts 200 1000
import { job, op, resource } from '@memo/core';

const load = op('load', { version: '1', run: () => Array.from({ length: 100 }, (_, at) => at) });
const pool = resource('pool', { version: '1', setup: () => ({}), teardown: () => undefined });
const scale = op('scale', { version: '1', uses: { pool }, run: ({ xs }: { xs: number[] }) => xs.map((x) => x * 2) });
const five = op('five', { memo: 'off', run: () => 5 });
const both = op('both', {
  version: '1',
  outputs: ['x', 'y'],
  run: ({ xs, n }: { xs: number[]; n: number }) => ({ x: xs.length, y: n }),
});
const memoized = job('memoized', {
  versions: { id: 'declared', getOpVersion: () => undefined },
  build: () => both({ xs: scale({ xs: load() }), n: five() }),
});
const plain = job('plain', { build: () => scale({ xs: load() }) });
const { signal } = new AbortController();

function used(): { readonly heap: number; readonly resources: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  return { heap: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().length };
}

const [some = 0, more = 0] = process.argv.slice(2).map(Number);
const marks: ReturnType<typeof used>[] = [];
for (let run = 1; run <= more; run++) {
  await memoized.run({ signal });
  await plain.run({ signal });
  if (run === some || run === more) marks.push(used());
}
console.log(JSON.stringify(marks));
