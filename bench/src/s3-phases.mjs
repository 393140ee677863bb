import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Pickle } from '@memo/io-s3-pickle';
import { s3ServerDirectory, s3ServerIn, stopS3ServerIn, whyNoS3Server } from '@memo/s3-server';
import { median, runProcess } from './measure-process.mjs';
import { squaresOver } from './s3-job.mjs';

const MEBIBYTE = 1024 * 1024;
// Values of 256 MiB, twice a round: what the server of the tests has room for. Each is loaded more often than it is stored.
const ROUNDS = 5;
const LOADS = 2;
const PROCESSES = 5;
const PLANS = 3;
const AIMS = { index: 0.5, listing: 2, throughput: 0.8 };

/**
 * Planning over outputs in a bucket, and large values up and down, on a server that is started here.
 *
 * @param {{ outputs: number, mebibytes: number }} size
 */
export async function measureS3(size) {
  const reason = whyNoS3Server();
  if (reason !== undefined) return `S3 is not measured: ${reason}`;
  const directory = s3ServerDirectory();
  try {
    const { endpoint, ...credentials } = await s3ServerIn(directory);
    const clientOptions = { endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
    const client = new S3Client(clientOptions);
    await client.send(new CreateBucketCommand({ Bucket: 'bench' }));
    const place = { bucket: 'bench', prefix: 'bench', clientOptions };
    const open = (options = {}) => s3Pickle({ ...place, ...options });
    const lines = [
      ...(await measurePlans(open, size.outputs, place)),
      ...(await measureTransfers(open, client, size.mebibytes)),
    ];
    client.destroy();
    return lines.join('\n');
  } finally {
    await stopS3ServerIn(directory);
  }
}

async function measurePlans(open, outputs, place) {
  const squares = (io) => squaresOver(io, outputs);
  const stored = await timed(open(), async (io) => {
    const result = await squares(io).run({ concurrency: 64 });
    if (!result.ok) throw result.failed[0].error;
  });
  const plan = async (io) => {
    const { counts, steps } = await squares(io).plan();
    const reused = counts?.reuse ?? steps.filter(({ action }) => action === 'reuse').length;
    if (reused !== outputs) throw new Error(`${reused} of ${outputs} outputs are there`);
  };
  const first = inNewProcesses({ outputs, options: place });
  const index = await medianOf(PLANS, () => timed(open(), plan));
  const listing = await medianOf(PLANS, () => timed(open({ presence: 'ask' }), plan));
  const heads = await timed(withoutBulk(open()), plan);
  return [
    `${outputs} outputs stored one by one, 64 at once: ${stored.toFixed(1)} s`,
    `plan with the index in a new process: ${(first.wallMs / 1000).toFixed(2)} s, ${(first.cpuMs / 1000).toFixed(2)} s of CPU (${verdict(first.cpuMs / 1000 <= AIMS.index, `at most ${AIMS.index} s of CPU`)})`,
    `plan with the index: ${index.toFixed(2)} s (${verdict(index <= AIMS.index, `at most ${AIMS.index} s`)})`,
    `plan by listing: ${listing.toFixed(2)} s (${verdict(listing <= AIMS.listing, `at most ${AIMS.listing} s`)})`,
    `plan by HEADs, 64 at once: ${heads.toFixed(2)} s`,
  ];
}

/** The median of several plans, each in a process of its own: without what that needs to start and to load memo. */
function inNewProcesses(task) {
  const program = fileURLToPath(new URL('s3-program.mjs', import.meta.url));
  const runs = Array.from({ length: PROCESSES }, () =>
    JSON.parse(runProcess(process.execPath, [program, JSON.stringify(task)]).stdout),
  );
  if (runs.some(({ reused }) => reused !== task.outputs)) throw new Error('A new process did not find all outputs.');
  return { wallMs: median(runs.map(({ wallMs }) => wallMs)), cpuMs: median(runs.map(({ cpuMs }) => cpuMs)) };
}

/** A manager that is asked about one output at a time. */
function withoutBulk(store) {
  return {
    name: store.name,
    capabilities: store.capabilities,
    records: store.records,
    handleOutput: (context, value) => store.handleOutput(context, value),
    loadInput: (context) => store.loadInput(context),
    hasOutput: (context) => store.hasOutput(context),
    dispose: () => store.dispose(),
  };
}

async function measureTransfers(open, client, mebibytes) {
  const bytes = new Uint8Array(mebibytes * MEBIBYTE).map((_, index) => index);
  const ours = { up: [], down: [] };
  const plain = { up: [], down: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const io = open({ prefix: `large/${round}` });
    const ways = [plainly(client, { Bucket: 'bench', Key: `plain/${round}` }, plain), byMemo(io, ours)];
    // In turns, and each as often first, so that what the machine does meanwhile meets both.
    if (round % 2 === 1) ways.reverse();
    for (const { up } of ways) await up(bytes);
    for (let load = 0; load < LOADS; load++) {
      for (const { down } of ways) await down();
      ways.reverse();
    }
    await io.dispose();
  }
  return ['up', 'down'].map((way) => {
    const [memo, sdk] = [median(ours[way]), median(plain[way])];
    const share = sdk / memo;
    const aim = verdict(share >= AIMS.throughput, `at least ${AIMS.throughput * 100} %`);
    const rounds = plain[way].map((time, round) => percent(time / ours[way][round])).join(', ');
    return `${mebibytes} MiB ${way}: ${(mebibytes / memo).toFixed(0)} MiB/s, plain SDK ${(mebibytes / sdk).toFixed(0)} MiB/s, ${percent(share)} (${aim}); one by one ${rounds}`;
  });
}

/** A value as the SDK sends and loads it. */
function plainly(client, place, times) {
  const load = async () => {
    const { Body } = await client.send(new GetObjectCommand(place));
    await Body.transformToByteArray();
  };
  return {
    up: async (bytes) =>
      times.up.push(await seconds(() => client.send(new PutObjectCommand({ ...place, Body: bytes })))),
    down: async () => times.down.push(await seconds(load)),
  };
}

function byMemo(io, times) {
  const context = contextOf();
  return {
    up: async (bytes) => times.up.push(await seconds(() => io.handleOutput(context, bytes))),
    down: async () => times.down.push(await seconds(() => io.loadInput(context))),
  };
}

function contextOf() {
  const version = 'a'.repeat(64);
  return {
    job: 'bench',
    step: 'large',
    op: { namespace: 'bench', name: 'large' },
    output: 'result',
    version,
    runId: 'bench',
    log: console,
    signal: new AbortController().signal,
    contentDigest: undefined,
    consumer: undefined,
    getOutputIdentifier: () => ['outputs', 'bench', 'large', 'result', version],
    annotate() {},
  };
}

async function medianOf(times, measure) {
  const measured = [];
  for (let time = 0; time < times; time++) measured.push(await measure());
  return median(measured);
}

/** With a manager that knows nothing yet. */
async function timed(io, work) {
  try {
    return await seconds(() => work(io));
  } finally {
    await io.dispose();
  }
}

async function seconds(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function percent(share) {
  return `${(share * 100).toFixed(0)} %`;
}

function verdict(met, aim) {
  return `${met ? 'met' : 'missed'}: ${aim}`;
}
