import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** What a program answers each time it is asked for the version of its op. */
export interface Answer {
  readonly version?: string;
  readonly certainty?: string;
  readonly kinds?: readonly string[];
  readonly files?: readonly string[];
  readonly manifest?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly changes?: readonly unknown[];
}

/** A running program that answers one line of JSON for each line it gets. */
export class LiveProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(cwd: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: '', VITEST: '' } });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    const lines: Interface = createInterface({ input: this.#child.stdout });
    this.#lines = lines[Symbol.asyncIterator]();
    onTestFinished(() => this.stop());
  }

  /** Asks for the version now. Other lines that the program prints are passed over. */
  async ask(): Promise<Answer> {
    this.#child.stdin.write('\n');
    return this.answer();
  }

  /** The next answer, without asking. */
  async answer(): Promise<Answer> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`The program ended without an answer:\n${this.#errors}`);
      if (value.startsWith('answer ')) return JSON.parse(value.slice('answer '.length)) as Answer;
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}
