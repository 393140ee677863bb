import { MemoError, messageOf } from '@memo/core/plugin';

/** What every request has. */
export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Bytes under keys on an HTTP server. Every method throws for "cannot know": denied, timed out, not reachable. */
export class HttpBackend {
  /** The server and the path, without what must not be shown. */
  readonly name: string;
  readonly #base: string;
  readonly #options: RequestOptions;

  constructor(url: string, options: RequestOptions) {
    const { protocol, host, pathname, username, search, hash } = new URL(url);
    if (!/^https?:$/.test(protocol) || username !== '' || search !== '' || hash !== '')
      throw new TypeError('The address of a server is http(s)://host/path, and credentials go into the headers.');
    this.name = `${host}${pathname}`;
    this.#base = `${protocol}//${host}${pathname.replace(/\/$/, '')}`;
    this.#options = options;
  }

  /** Stores bytes as a whole, only where the key is free; `false` where it was taken. */
  async create(key: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#send('PUT', key, { signal, body: bytes, headers: { 'if-none-match': '*' } });
    if (status === 412 || status === 409) return false;
    if (status >= 200 && status < 300) return true;
    throw refused('store', status);
  }

  /** The bytes, or `undefined` where there are none. */
  async read(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { status, bytes } = await this.#send('GET', key, { signal });
    if (status === 200) return bytes;
    if (status === 404) return undefined;
    throw refused('load', status);
  }

  async has(key: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#send('HEAD', key, { signal });
    if (status === 200 || status === 404) return status === 200;
    throw refused('look for', status);
  }

  /** `false` where it was not there. */
  async remove(key: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#send('DELETE', key, { signal });
    if (status === 404 || (status >= 200 && status < 300)) return status !== 404;
    throw refused('delete', status);
  }

  /** The body is read here, too, so that the time limit and the signal hold for all of it. */
  async #send(
    method: string,
    key: string,
    {
      signal,
      body,
      headers,
    }: { signal: AbortSignal; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
  ): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
    const { timeoutMs } = this.#options;
    try {
      const response = await fetch(`${this.#base}/${key}`, {
        method,
        headers: { ...this.#options.headers, ...headers },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      signal.throwIfAborted();
      const cause = (error as Error).cause ?? error;
      throw new MemoError('M5002', `${this.name} cannot be reached`, { because: messageOf(cause), cause: error });
    }
  }
}

/** M5006 where the server cannot be written as it is, M5002 for the rest. */
function refused(doing: string, status: number): MemoError {
  const notWritable = doing === 'store' && [403, 405, 413, 507].includes(status);
  return new MemoError(notWritable ? 'M5006' : 'M5002', `The server did not ${doing} an output: ${status}`);
}
