// What bindings cost to write, to open and to look up, in a process of its own: node --expose-gc record-program.mjs <n> <directory> write|read
import { createHash } from 'node:crypto';
import { DigestColumn } from '../../packages/core/src/hash/digest-column.ts';
import { BindingLog } from '../../packages/core/src/records/binding-log.ts';
import { placeOfBinding } from '../../packages/core/src/records/binding-place.ts';
import { fileRecordStore } from '../../packages/core/src/records/file-record-store.ts';

const [n, directory, phase] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const store = () => fileRecordStore(directory, { durability: 'none' });
console.log(JSON.stringify(await (phase === 'write' ? write() : read())));

async function write() {
  const bindings = Array.from({ length: n }, (_, step) => bindingOf(step));
  const places = bindings.map(placeOfBinding);
  const log = new BindingLog(store());
  const written = await measured(async () => {
    for (const [step, binding] of bindings.entries()) await log.append(binding, places[step], false);
    await log.close();
  });
  const bytes = (await store().segments()).reduce((sum, segment) => sum + segment.bytes, 0);
  return { bytes: bytes / n, writtenUs: written.us };
}

/** In a process that has not written them: its collector would still be busy with that, on other threads. */
async function read() {
  const versions = Array.from({ length: n }, (_, step) => hex(`v${step}`));
  const contentKeys = Array.from({ length: n }, (_, step) => hex(`c${step}`));
  const reader = new BindingLog(store());
  const opened = await measured(() => reader.refresh());
  const live = reader.table.live();
  const column = DigestColumn.of(versions);
  let found = 0;
  // As a plan does in which nothing changed, and as it does where something did.
  const looked = await timed(() => {
    for (const once of live.boundOnce(column)) found += once;
  });
  const alone = await timed(() => {
    for (const version of versions) if (live.get(version) !== undefined) found++;
  });
  const content = await timed(() => {
    for (const contentKey of contentKeys) if (live.withContent(contentKey).length === 1) found++;
  });
  if (found !== 3 * n) throw new Error(`Found ${found} of ${3 * n}.`);
  return {
    openedUs: opened.us,
    openedBytes: opened.kept,
    lookedUs: looked.us,
    aloneUs: alone.us,
    contentUs: content.us,
  };
}

/** CPU µs a binding, and bytes a binding that are kept afterwards. */
async function measured(act) {
  const before = memory();
  const { us } = await timed(act);
  return { us, kept: (memory() - before) / n };
}

/** CPU µs a binding. Nothing is collected on purpose: the engine would still be sweeping while the next figure is taken. */
async function timed(act) {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return { us: (user + system) / n };
}

function memory() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A step that reads three others and a literal. */
function bindingOf(step) {
  const upstream = [1, 2, 3].map((before) => step - before);
  const items = upstream.map((other) => ({
    step: `n_${other}`,
    op: 'node',
    output: 'result',
    version: hex(`v${other}`),
  }));
  const record = {
    schema: 'memo.step-version/1',
    op: { namespace: '@memo/bench', name: 'node', code: '1', by: 'declared' },
    config: { key: 'o0:', value: {} },
    resources: {},
    inputs: {
      from: { from: 'list', items },
      seed: { from: 'literal', literal: { key: `d${step};`, value: step } },
    },
  };
  return {
    schema: 'memo.binding/1',
    stepVersion: hex(`v${step}`),
    record,
    outputs: { result: { digest: `vf1:${hex(`o${step}`)}`, bytes: 190, codec: 'json' } },
    consumed: { from: upstream.map((other) => `vf1:${hex(`o${other}`)}`) },
    pub: hex(`p${step}`),
    by: 'run',
    job: 'bench',
    step: `n_${step}`,
    run: '01jd4c8w4k6tqv1v2x3y4z5a6b',
    when: 1.7e12 + step,
    duration: 0.125,
    certainty: 'declared',
    memo: '0.1.0',
    node: process.version,
    contentKey: hex(`c${step}`),
    site: 'src/pipeline.ts:10',
  };
}

function hex(text) {
  return createHash('sha256').update(text).digest('hex');
}
