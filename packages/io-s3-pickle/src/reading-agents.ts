import type { Agent } from 'node:http';
import type { OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/** Agents of a client that is made here. */
export interface ReadingAgents {
  readonly httpAgent: Agent;
  readonly httpsAgent: Agent;
}

/**
 * Agents whose connections read into memory that is used again. Node takes 64 KiB of new memory for every read, and its parser of HTTP copies the
 * body out of it: of a large value the collector then clears away as much again as the value has.
 */
export function readingAgents(most: number): ReadingAgents {
  // Nothing of HTTP is loaded before there is something to ask.
  const http = process.getBuiltinModule('node:http');
  const https = process.getBuiltinModule('node:https');
  const options = { keepAlive: true, maxSockets: most };
  return { httpAgent: withOwnMemory(new http.Agent(options)), httpsAgent: withOwnMemory(new https.Agent(options)) };
}

/** True for the reply to a request of such an agent, whose chunks nobody else has. */
export function isReadHere(reply: object): boolean {
  const { socket } = reply as { readonly socket?: Duplex | null };
  return socket != null && connections.has(socket);
}

function withOwnMemory(agent: Agent): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, created) => {
    let connection: Duplex | null | undefined;
    const onread: OnReadOpts = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      // The parser listens, and copies what it keeps.
      callback(bytes, memory) {
        connection?.emit('data', Buffer.from(memory.buffer, memory.byteOffset, bytes));
        return true;
      },
    };
    const reading: ConnectionOptions = { ...options, onread };
    connection = connect(reading, created);
    if (connection != null) connections.add(connection);
    return connection;
  };
  return agent;
}

type ConnectionOptions = Parameters<Agent['createConnection']>[0] & { readonly onread: OnReadOpts };

const connections = new WeakSet<Duplex>();
const READ_BYTES = 64 * 1024;
