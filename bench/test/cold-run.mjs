// What a cold run in memory does for each step, as JSON: node --expose-gc cold-run.mjs
import { createHook } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { job, memory, op } from '@memo/core';

const [FEW, MANY] = [1_000, 3_000];

let digests = 0;
for (const name of ['hash', 'createHash']) {
  const own = crypto[name];
  crypto[name] = (...given) => {
    digests++;
    return own(...given);
  };
}
syncBuiltinESMExports();
let promises = 0;
const hook = createHook({ init: (_, type) => void (type === 'PROMISE' && promises++) });

const node = op('node', {
  version: '1',
  run: ({ from, own }) => from.reduce((sum, value) => sum + value, own),
});

/** Two rows of steps, each of the second one reads three of the first one. */
function rows(steps) {
  return job('rows', {
    versions: { id: 'declared', getOpVersion: () => undefined },
    io: memory(),
    build: () => {
      const half = steps / 2;
      const first = Array.from({ length: half }, (_, own) => node({ own, from: [] }));
      const read = (at) => [0, 1, 2].map((next) => first[(at + next) % half]);
      return { all: first.map((_, at) => node({ own: -1 - at, from: read(at) })) };
    },
  });
}

function memoryKept() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function costOf(steps) {
  const kept = rows(steps);
  const before = { digests, promises, bytes: memoryKept() };
  hook.enable();
  const result = await kept.run({ journal: false });
  hook.disable();
  if (result.executed.length !== steps) throw new Error(`${result.executed.length} of ${steps} steps ran.`);
  return {
    digests: digests - before.digests,
    promises: promises - before.promises,
    bytes: memoryKept() - before.bytes,
    // What the job keeps is measured, so it has to be there.
    job: kept,
  };
}

await costOf(FEW);
const [few, many] = [await costOf(FEW), await costOf(MANY)];
const aStep = (what) => (many[what] - few[what]) / (MANY - FEW);
console.log(JSON.stringify({ digests: aStep('digests'), promises: aStep('promises'), bytes: aStep('bytes') }));
