// Plans over outputs in a bucket, in a process of its own: node s3-program.mjs '{"outputs":10000,"options":{…}}'
import { squaresOver } from './s3-job.mjs';

const { outputs, options } = JSON.parse(process.argv[2]);
const { s3Pickle } = await import('@memo/io-s3-pickle');
const io = s3Pickle(options);
const job = squaresOver(io, outputs);
const begun = { wall: performance.now(), cpu: process.cpuUsage() };
const { counts, steps } = await job.plan();
const reused = counts?.reuse ?? steps.filter(({ action }) => action === 'reuse').length;
const { user, system } = process.cpuUsage(begun.cpu);
const wallMs = performance.now() - begun.wall;
await io.dispose();
console.log(JSON.stringify({ reused, wallMs, cpuMs: (user + system) / 1000 }));
