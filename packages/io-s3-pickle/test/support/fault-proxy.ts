import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to a request. `pass` lets it through. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Answers 503 SlowDown without asking the server. */
  | { readonly kind: 'slow-down' }
  /** Answers 501 NotImplemented without asking the server. */
  | { readonly kind: 'not-implemented' }
  /** Answers 403 QuotaExceeded without asking the server. */
  | { readonly kind: 'over-quota' }
  /** Closes the connection without asking the server. */
  | { readonly kind: 'reset' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Asks the server, and closes the connection in place of its reply. */
  | { readonly kind: 'lose-reply' }
  /** Ends the body after so many bytes. */
  | { readonly kind: 'truncate'; readonly after: number }
  /** Sends so many bytes of the body, and nothing more. */
  | { readonly kind: 'stall'; readonly after: number }
  /** Sends a few bytes of the body at a time. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Changes one bit of the byte there. */
  | { readonly kind: 'flip'; readonly at: number };

/** Decides about each request, in the order in which they come. */
export type Plan = (asked: {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  /** Whether the request has a condition: `If-None-Match`, `If-Match`. */
  readonly isConditional: boolean;
  /** Length of the body of the request. */
  readonly bytes: number;
}) => Fault;

/** A server in front of another one that fails as it is told. */
export interface FaultProxy {
  readonly endpoint: string;
  /** `METHOD path` of what came since the last `inject` or `heal`. */
  readonly seen: string[];
  /** How many connections were opened, ever. */
  connections(): number;
  /** `METHOD path` of the next request whose connection the client closes before it has the reply. */
  abandoned(): Promise<string>;
  inject(plan: Plan): void;
  heal(): void;
  stop(): Promise<void>;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const seen: string[] = [];
  let plan: Plan = () => ({ kind: 'pass' });
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '' } = incoming;
    seen.push(`${method} ${path}`);
    const { range, 'if-none-match': absent, 'if-match': unchanged } = incoming.headers;
    const bytes = Number(incoming.headers['content-length'] ?? 0);
    outgoing.once('close', () => {
      if (outgoing.writableFinished) return;
      for (const tell of watching.splice(0)) tell(`${method} ${path}`);
    });
    const fault = plan({ method, path, range, isConditional: (absent ?? unchanged) !== undefined, bytes });
    answer(fault, { incoming, outgoing, hostname, port });
  });
  const watching: ((request: string) => void)[] = [];
  let connections = 0;
  server.on('connection', () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const replace = (next: Plan) => {
    plan = next;
    seen.length = 0;
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
    abandoned: () => new Promise((resolve) => watching.push(resolve)),
    inject: replace,
    heal: () => replace(() => ({ kind: 'pass' })),
    stop: () => close(server),
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly hostname: string;
  readonly port: string;
}

function answer(fault: Fault, exchange: Exchange): void {
  const { incoming } = exchange;
  if (fault.kind === 'reset') incoming.socket.destroy();
  else if (fault.kind === 'hang') incoming.resume();
  else if (fault.kind === 'slow-down') refuse(exchange, 503, 'SlowDown');
  else if (fault.kind === 'not-implemented') refuse(exchange, 501, 'NotImplemented');
  else if (fault.kind === 'over-quota') refuse(exchange, 403, 'QuotaExceeded');
  else forward(fault, exchange);
}

function refuse({ incoming, outgoing }: Exchange, status: number, code: string): void {
  incoming.resume().on('end', () => {
    outgoing.writeHead(status, { 'content-type': 'application/xml' });
    outgoing.end(`<Error><Code>${code}</Code><Message>Not now.</Message></Error>`);
  });
}

// The signature covers the host header, which is passed on as it came.
function forward(fault: Fault, { incoming, outgoing, hostname, port }: Exchange): void {
  const { method, url, headers } = incoming;
  const asked = request({ hostname, port, method, path: url, headers, setHost: false }, (reply) => {
    if (fault.kind === 'lose-reply') {
      reply.resume().on('end', () => incoming.socket.destroy());
      return;
    }
    outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
    if (fault.kind === 'drip') drip(fault, reply, outgoing);
    else passBody(fault, reply, outgoing);
  });
  asked.on('error', () => incoming.socket.destroy());
  incoming.pipe(asked);
}

function drip(fault: Fault & { readonly kind: 'drip' }, reply: IncomingMessage, outgoing: ServerResponse): void {
  const chunks: Buffer[] = [];
  reply.on('data', (chunk: Buffer) => chunks.push(chunk));
  reply.on('end', () => {
    const body = Buffer.concat(chunks);
    let position = 0;
    const timer = setInterval(() => {
      outgoing.write(body.subarray(position, position + fault.bytes));
      position += fault.bytes;
      if (position < body.length) return;
      clearInterval(timer);
      outgoing.end();
    }, fault.everyMs);
    outgoing.on('close', () => clearInterval(timer));
  });
}

function passBody(fault: Fault, reply: IncomingMessage, outgoing: ServerResponse): void {
  let position = 0;
  reply.on('data', (chunk: Buffer) => {
    const from = position;
    position += chunk.length;
    if (fault.kind === 'flip' && fault.at >= from && fault.at < position) {
      chunk.writeUInt8(chunk.readUInt8(fault.at - from) ^ 1, fault.at - from);
    }
    if (fault.kind !== 'truncate' && fault.kind !== 'stall') outgoing.write(chunk);
    else if (from < fault.after) outgoing.write(chunk.subarray(0, fault.after - from));
    if (fault.kind === 'truncate' && position >= fault.after) setImmediate(() => outgoing.destroy());
  });
  reply.on('end', () => {
    // A reply that was ended lets its connection go, which would then stay open.
    const isCut = fault.kind === 'truncate' && position >= fault.after;
    if (fault.kind !== 'stall' && !isCut) outgoing.end();
  });
  reply.on('error', () => outgoing.destroy());
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
