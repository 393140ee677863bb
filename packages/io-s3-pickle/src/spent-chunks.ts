import type { MessagePort } from 'node:worker_threads';

/**
 * Gives the memory of a chunk back at once; it has no bytes afterwards. Left to the collector, it is cleared away each 64 MiB, by looking at
 * everything that there is.
 */
export function letGo(chunk: Uint8Array): void {
  const { buffer, byteLength } = chunk;
  // Of less it costs more than the collector; and what has others' bytes, too, is not for us to give away.
  if (byteLength < WORTH_IT || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  nobody ??= portToNobody();
  nobody.postMessage(undefined, [buffer]);
}

/** What is posted there is forgotten, with the memory that it takes along. */
function portToNobody(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

let nobody: MessagePort | undefined;
const WORTH_IT = 16 * 1024;
