import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that keeps objects in memory: the least that the manager needs of one. */
export interface ObjectServer {
  readonly url: string;
  readonly objects: Map<string, Uint8Array>;
  stop(): Promise<void>;
}

/** Starts one. Requests with a header `x-room` are refused when their body is larger than that, as on a full disk. */
export async function startObjectServer(): Promise<ObjectServer> {
  const objects = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    answer(objects, request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/team`, objects, stop: () => close(server) };
}

async function answer(
  objects: Map<string, Uint8Array>,
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly body?: Uint8Array }> {
  const { method, url: key = '', headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const stored = objects.get(key);
  if (method === 'PUT') {
    const body = Buffer.concat(chunks);
    if (headers['if-none-match'] === '*' && stored !== undefined) return { status: 412 };
    if (headers['x-room'] !== undefined && body.length > Number(headers['x-room'])) return { status: 507 };
    objects.set(key, body);
    return { status: 201 };
  }
  if (stored === undefined) return { status: 404 };
  if (method === 'DELETE') return { status: objects.delete(key) ? 204 : 404 };
  return method === 'GET' ? { status: 200, body: stored } : { status: 200 };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
