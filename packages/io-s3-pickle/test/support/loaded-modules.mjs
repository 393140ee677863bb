// Prints how many modules of the SDK are loaded after a store was made, or used.
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
let loaded = 0;
port1.on('message', () => loaded++);
port1.unref();
const hooks = `let port; export function initialize(data) { port = data.port; }
export async function load(url, context, next) { if (/@aws-sdk|@smithy/.test(url)) port.postMessage(url); return next(url, context); }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port: port2 }, transferList: [port2] });
const { s3Pickle } = await import('../../src/index.ts');
const clientOptions = { endpoint: 'http://127.0.0.1:1', region: 'nowhere-1', maxAttempts: 1 };
const store = s3Pickle({
  bucket: 'results',
  clientOptions: { ...clientOptions, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
});
if (process.argv[2] === 'using') await store.records.segments().catch(() => {});
await store.dispose();
setImmediate(() => {
  // What the SDK requires itself does not pass the hooks.
  const required = Object.keys(createRequire(import.meta.url).cache).filter((path) => /@aws-sdk|@smithy/.test(path));
  console.log(loaded + required.length);
});
