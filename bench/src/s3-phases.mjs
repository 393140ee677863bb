import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Pickle } from '@memo/io-s3-pickle';
import { s3ServerDirectory, s3ServerIn, stopS3ServerIn, whyNoS3Server } from '@memo/s3-server';
import { median, runProcess } from './measure-process.mjs';
import { squaresOver } from './s3-job.mjs';

const MEBIBYTE = 1024 * 1024;
// Values of 256 MiB, twice a round: what the server of the tests has room for.
const ROUNDS = 5;
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
  const index = await timed(open(), plan);
  const listing = await timed(open({ presence: 'ask' }), plan);
  const heads = await timed(withoutBulk(open()), plan);
  return [
    `${outputs} outputs stored one by one, 64 at once: ${stored.toFixed(1)} s`,
    `plan with the index in a new process: ${(first.wallMs / 1000).toFixed(2)} s, ${(first.cpuMs / 1000).toFixed(2)} s of CPU (${verdict(first.cpuMs / 1000 <= AIMS.index, `at most ${AIMS.index} s of CPU`)})`,
    `plan with the index: ${index.toFixed(2)} s (${verdict(index <= AIMS.index, `at most ${AIMS.index} s`)})`,
    `plan by listing: ${listing.toFixed(2)} s (${verdict(listing <= AIMS.listing, `at most ${AIMS.listing} s`)})`,
    `plan by HEADs, 64 at once: ${heads.toFixed(2)} s`,
  ];
}

/** The median of three plans, each in a process of its own: without what that needs to start and to load memo. */
function inNewProcesses(task) {
  const program = fileURLToPath(new URL('s3-program.mjs', import.meta.url));
  const runs = [1, 2, 3].map(() => JSON.parse(runProcess(process.execPath, [program, JSON.stringify(task)]).stdout));
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
    const turns = [
      () => transferPlainly(client, { Bucket: 'bench', Key: `plain/${round}` }, bytes, plain),
      () => transfer(open({ prefix: `large/${round}` }), bytes, ours),
    ];
    // In turns, and each as often first, so that what the machine does meanwhile meets both.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return ['up', 'down'].map((way) => {
    const [memo, sdk] = [median(ours[way]), median(plain[way])];
    const share = sdk / memo;
    const aim = verdict(share >= AIMS.throughput, `at least ${AIMS.throughput * 100} %`);
    const rounds = plain[way].map((time, round) => percent(time / ours[way][round])).join(', ');
    return `${mebibytes} MiB ${way}: ${(mebibytes / memo).toFixed(0)} MiB/s, plain SDK ${(mebibytes / sdk).toFixed(0)} MiB/s, ${percent(share)} (${aim}); by round ${rounds}`;
  });
}

async function transferPlainly(client, place, bytes, times) {
  times.up.push(await seconds(() => client.send(new PutObjectCommand({ ...place, Body: bytes }))));
  times.down.push(
    await seconds(async () => {
      const { Body } = await client.send(new GetObjectCommand(place));
      await Body.transformToByteArray();
    }),
  );
}

async function transfer(io, bytes, times) {
  const context = contextOf();
  times.up.push(await seconds(() => io.handleOutput(context, bytes)));
  times.down.push(await seconds(() => io.loadInput(context)));
  await io.dispose();
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
