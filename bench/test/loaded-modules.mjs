// Prints the URLs of the modules that importing core loads.
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
const loaded = [];
port1.on('message', (url) => loaded.push(url));
port1.unref();
const hooks = `let port; export function initialize(data) { port = data.port; }
export async function load(url, context, next) { if (!url.startsWith('node:')) port.postMessage(url); return next(url, context); }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port: port2 }, transferList: [port2] });
await import('@memo/core');
setImmediate(() => {
  console.log(JSON.stringify(loaded));
  process.exit(0);
});
