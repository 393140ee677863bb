import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Program } from './random-program.ts';

const CHILD = fileURLToPath(new URL('./execution-child.mjs', import.meta.url));
/** Realms are not given back completely. */
const PROGRAMS_PER_CHILD = 1_000;
const PATIENCE_MS = 20_000;

/** Runs programs in a child process and says what their op computes, as text. */
export class Execution {
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: Interface | undefined;
  #left = 0;
  #errors = '';

  /** What the op gives for several inputs; two programs that behave the same give equal texts. */
  async observe(program: Program): Promise<string> {
    if (this.#left === 0) this.#restart();
    this.#left -= 1;
    const [child, lines] = [this.#child, this.#lines];
    if (child === undefined || lines === undefined) throw new Error('the child did not start');
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        lines.removeAllListeners('line');
        child.removeAllListeners('exit');
      };
      const timer = setTimeout(() => {
        settle();
        this.stop();
        resolve('does not end');
      }, PATIENCE_MS);
      lines.once('line', (line) => {
        settle();
        resolve(JSON.parse(line) as string);
      });
      child.once('exit', () => {
        settle();
        this.stop();
        reject(new Error(`the child ended:\n${this.#errors}`));
      });
      child.stdin.write(`${JSON.stringify(program)}\n`);
    });
  }

  stop(): void {
    this.#child?.removeAllListeners('exit');
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#left = 0;
  }

  #restart(): void {
    this.stop();
    const options = ['--experimental-vm-modules', '--no-warnings', '--stack-size=400', CHILD];
    this.#child = spawn(process.execPath, options, { env: { ...process.env, NODE_OPTIONS: '' } });
    this.#errors = '';
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString()}`.slice(-4_000);
    });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#left = PROGRAMS_PER_CHILD;
  }
}
