import { createRequire } from 'node:module';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { withDeadline } from './deadline.ts';
import { Limiter } from './limiter.ts';
import type { CheckedOptions } from './options.ts';
import { readingAgents } from './reading-agents.ts';

/** The SDK, once it was needed. */
export type Sdk = typeof import('@aws-sdk/client-s3');

/** How long something may take, and until when it is wanted. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Bytes that the request transfers, which may take time of their own. Default 0. */
  readonly bytes?: number;
}

/**
 * Sends commands, a bounded number at once and each with a deadline. Neither the SDK is loaded nor anything asked before the first
 * command.
 */
export class S3Connection {
  readonly #options: CheckedOptions;
  readonly #limiter: Limiter;
  #sdk: Promise<Sdk> | undefined;
  #client: S3Client | undefined;

  constructor(options: CheckedOptions) {
    this.#options = options;
    this.#limiter = new Limiter(options.concurrency);
  }

  sdk(): Promise<Sdk> {
    this.#sdk ??= loadSdk();
    return this.#sdk;
  }

  async client(): Promise<S3Client> {
    const sdk = await this.sdk();
    this.#client ??= this.#options.client ?? newClient(sdk, this.#options);
    return this.#client;
  }

  /** One command, with the repetitions that the SDK makes by its own rules, within a deadline for them all. */
  async request<T>(patience: Patience, work: (sender: Sender) => Promise<T>): Promise<T> {
    const [client, sdk] = await Promise.all([this.client(), this.sdk()]);
    const milliseconds = this.milliseconds(patience.bytes ?? 0);
    return this.#limiter.run(patience.signal, () =>
      withDeadline({ signal: patience.signal, milliseconds }, (signal) => work({ client, sdk, signal })),
    );
  }

  /** How long a transfer of so many bytes may take. */
  milliseconds(bytes: number): number {
    const { timeoutMs, minBytesPerSecond } = this.#options;
    return Math.min(MOST_MILLISECONDS, Math.ceil(timeoutMs + (bytes / minBytesPerSecond) * 1_000));
  }

  /** Closes the connections of a client that was made here. */
  dispose(): void {
    if (this.#client !== undefined && this.#client !== this.#options.client) this.#client.destroy();
    this.#client = undefined;
  }
}

/** What a request works with. */
export interface Sender {
  readonly client: S3Client;
  readonly sdk: Sdk;
  readonly signal: AbortSignal;
}

/** By `require`, which takes half the time: an import reads CommonJS twice, once for the names that it exports. */
async function loadSdk(): Promise<Sdk> {
  try {
    return createRequire(import.meta.url)('@aws-sdk/client-s3') as Sdk;
  } catch {
    // In a bundle there is nothing to require; what is wrong otherwise is said by the import.
    return import('@aws-sdk/client-s3');
  }
}

function newClient({ S3Client }: Sdk, options: CheckedOptions): S3Client {
  const client = new S3Client(clientConfig(options));
  // It makes a copy of each reply, a page of a listing key by key, also where nobody reads it.
  if (options.clientOptions?.logger === undefined) client.middlewareStack.remove('loggerMiddleware');
  return client;
}

function clientConfig({ clientOptions = {}, concurrency, timeoutMs }: CheckedOptions): S3ClientConfig {
  const endpoint = clientOptions.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return {
    // Servers other than Amazon's seldom have a host name for each bucket.
    ...(endpoint === undefined ? {} : { forcePathStyle: true }),
    // Every object has a SHA-256 of its own, which is checked on every load: the SDK's would be a second pass over the same bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, CONNECT_MS),
      socketTimeout: Math.min(timeoutMs, IDLE_MS),
      ...readingAgents(concurrency),
    },
    ...clientOptions,
  };
}

const CONNECT_MS = 5_000;
const IDLE_MS = 20_000;
// The longest time that a timer takes.
const MOST_MILLISECONDS = 2 ** 31 - 1;
