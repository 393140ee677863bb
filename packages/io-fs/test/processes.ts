import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';

const SCRIPT = fileURLToPath(new URL('store-process.ts', import.meta.url));
const COMMAND = [process.execPath, ...SOURCE_NODE, SCRIPT];
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A process of `store-process.ts` that runs beside the test. */
export function startProcess(...parameters: string[]): ChildProcess {
  const [command = '', ...fixed] = COMMAND;
  return spawn(command, [...fixed, ...parameters], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Everything that a process prints, once it has ended. */
export async function outputOf(
  child: ChildProcess,
): Promise<{ readonly lines: string[]; readonly code: number | null }> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { lines: text.split('\n').filter((line) => line !== ''), code };
}

/** What `store-process.ts` prints when a command such as `setpriv` starts it. */
export function runUnder(prefix: readonly string[], ...parameters: string[]): string[] {
  const [command = '', ...rest] = [...prefix, ...COMMAND, ...parameters];
  const { stdout, stderr, status } = spawnSync(command, rest, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Why a command cannot be used here, or `undefined` when it can. With `MEMO_REQUIRE_SERVERS=1` it has to. */
export function missing(what: string, command: readonly string[]): string | undefined {
  const [name = '', ...rest] = command;
  if (spawnSync(name, rest).status === 0) return undefined;
  if (process.env.MEMO_REQUIRE_SERVERS === '1') throw new Error(`${what} is required and does not work here`);
  return `${what} does not work here`;
}
