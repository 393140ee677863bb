// Measures memo, and the programs that are installed beside it, on the same graphs. `npm run bench -- --help`
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growth, judge } from './src/aims.mjs';
import { measureFloor } from './src/beside-floor.mjs';
import { cliText, measureCli } from './src/cli-phases.mjs';
import { gitText, measureGit } from './src/git-phases.mjs';
import { SHAPES } from './src/graph-shapes.mjs';
import { canMeasureForeign } from './src/measure-process.mjs';
import { measureMemo } from './src/memo-phases.mjs';
import { measurePeer } from './src/peer-phases.mjs';
import { isInstalled, PEERS } from './src/peers.mjs';
import { judgeScale, measureScale, scaleText } from './src/scale-phases.mjs';
import { formatSourceHash, measureSourceHash } from './src/source-phases.mjs';
import { formatTable } from './src/table.mjs';

const HELP = `npm run bench -- [options]
  --shapes wide,chain,layered   graphs (default: all)
  --n 100,1000,10000,100000     sizes (default: these)
  --peers make,ninja,…|none     programs to compare with (default: those that are installed)
  --runs 3                      runs of each figure; medians are shown
  --quick                       layered, 1,000 steps, one run, no peers
  --git                         only the versions by git; part of everything, too
  --sources                     only the versions of source code; part of everything, too
  --cli                         only the memo command as a whole process; part of everything, too
  --scale                       only a plan of 100,000 steps, and as many bindings; part of everything, too
  --s3                          only planning and large values in a bucket, on a server that is started
                                for it; with --quick on a tenth
  --gate                        exit 1 when a figure is worse than twice its aim
  --out file.json               where the figures go (default: bench/results/latest.json)`;

const { values } = parseArgs({
  options: {
    shapes: { type: 'string' },
    n: { type: 'string' },
    peers: { type: 'string' },
    runs: { type: 'string' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    git: { type: 'boolean', default: false },
    sources: { type: 'boolean', default: false },
    cli: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    s3: { type: 'boolean', default: false },
    gate: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
leaveOutCertificates();
if (values.help) console.log(HELP);
else if (values.git) console.log(gitText(measureGit()));
else if (values.sources) measureSources();
else if (values.cli) measureCommand();
else if (values.scale) {
  sayFloor();
  measureLarge();
} else if (values.s3) await measureBucket();
else await main();

/** Node 20 reads all certificates that this variable names whenever it starts, some 70 ms that no measured program asks for. */
function leaveOutCertificates() {
  if (process.env.NODE_EXTRA_CA_CERTS === undefined) return;
  delete process.env.NODE_EXTRA_CA_CERTS;
  console.error('NODE_EXTRA_CA_CERTS is left out of what is measured');
}

function measureSources() {
  console.error('versions of source code');
  const size = values.quick ? { modules: 200, ops: 100 } : { modules: 2_000, ops: 1_000 };
  const runs = Number(values.runs ?? (values.quick ? 1 : 3));
  console.log(`\n${formatSourceHash(measureSourceHash(size, runs))}`);
}

function measureCommand() {
  console.error('the memo command');
  const rows = measureCli(Number(values.runs ?? (values.quick ? 1 : 5)));
  console.log(`\n${cliText(rows)}`);
  if (values.gate && rows.some(({ isGated }) => isGated)) process.exitCode = 1;
}

function measureLarge() {
  console.error('a large plan');
  const measured = measureScale(values.quick ? 10_000 : 100_000, Number(values.runs ?? (values.quick ? 1 : 3)));
  const verdicts = judgeScale(measured);
  console.log(`\n${scaleText(measured, verdicts)}`);
  if (values.gate && verdicts.some(({ verdict }) => verdict === 'missed')) process.exitCode = 1;
}

function sayFloor() {
  const floorUs = measureFloor();
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores; floor ${floorUs.toFixed(1)} µs of CPU a step (two digests, one look at a file)`,
  );
  return floorUs;
}

async function measureBucket() {
  console.error('a bucket');
  const { measureS3 } = await import('./src/s3-phases.mjs');
  const size = values.quick ? { outputs: 1_000, mebibytes: 32 } : { outputs: 10_000, mebibytes: 256 };
  console.log(`\n${await measureS3(size)}`);
}

async function main() {
  const shapes = (values.shapes ?? (values.quick ? 'layered' : SHAPES.join(','))).split(',');
  const sizes = (values.n ?? (values.quick ? '1000' : '100,1000,10000,100000')).split(',').map(Number);
  const runs = Number(values.runs ?? (values.quick ? 1 : 3));
  const floorUs = sayFloor();
  const rows = [];
  for (const shape of shapes)
    for (const n of sizes) {
      console.error(`memo ${shape} ${n}`);
      rows.push(...measureMemo(shape, n, n >= 100_000 ? 1 : runs));
    }
  for (const peer of chosenPeers())
    for (const shape of shapes)
      for (const n of sizes.filter((size) => size <= peer.largest)) {
        console.error(`${peer.name} ${shape} ${n}`);
        rows.push(...measurePeer(peer, { shape, n }, n >= 10_000 ? 1 : runs));
      }
  report(rows, floorUs);
  measureSources();
  if (values.quick) return;
  measureLarge();
  console.log(`\n${gitText(measureGit())}`);
  measureCommand();
  await measureBucket();
}

function chosenPeers() {
  if (values.quick && values.peers === undefined) return [];
  const named = values.peers?.split(',');
  const wanted = PEERS.filter(({ name }) => named === undefined || named.includes(name));
  if (wanted.length > 0 && !canMeasureForeign)
    console.log('CPU and memory of other programs are not measured: install the Debian package time.');
  return wanted.filter((peer) => {
    const installed = isInstalled(peer);
    if (!installed) console.log(`${peer.name} is not measured: install the Debian package ${peer.package}.`);
    return installed;
  });
}

function report(rows, floorUs) {
  console.log(`\n${formatTable(rows)}\n`);
  const verdicts = judge(rows);
  for (const { name, shape, n, ratio, aim, verdict } of verdicts) {
    console.log(`${verdict.padEnd(16)} ${name} (${shape}, ${n}): ${ratio.toFixed(1)} × the floor, aim ${aim}`);
  }
  const grown = growth(rows);
  for (const { shape, from, to, ratio } of grown)
    console.log(`growth           plan a step, ${shape}, ${from} → ${to}: × ${ratio.toFixed(2)}`);
  const out = values.out ?? fileURLToPath(new URL('results/latest.json', import.meta.url));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(
    out,
    `${JSON.stringify({ node: process.versions.node, floorUs, rows, verdicts, growth: grown }, null, 1)}\n`,
  );
  if (values.gate && verdicts.some(({ verdict }) => verdict === 'missed')) process.exitCode = 1;
}
