import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { messageOf } from '@memo/core/plugin';

/** A program of this package that is run in a process of its own. */
export interface ChildProgram {
  /** URL of the program without its extension, which is that of the running code. */
  readonly program: URL;
  readonly parameters: readonly string[];
  /** Options for `node`. */
  readonly nodeOptions?: readonly string[] | undefined;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program. What it says on its standard error is kept for the message of a failure. */
export function startChild({ program, parameters, nodeOptions = [], cwd, env }: ChildProgram): ChildProcess {
  const file = fileURLToPath(program) + (import.meta.url.endsWith('.ts') ? '.ts' : '.js');
  return spawn(process.execPath, [...nodeOptions, file, ...parameters], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What a process printed, and how it ended. */
export interface ChildResult {
  readonly lines: readonly string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** Waits for the end of a process; `onLine` is told each line that it prints. */
export async function endOf(child: ChildProcess, onLine: (line: string) => void = () => {}): Promise<ChildResult> {
  const lines: string[] = [];
  let rest = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      onLine(line);
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { lines, code, signal, errors };
}

/** What a program prints as the JSON of its last line. Rejects when it fails. */
export async function askChild(program: ChildProgram): Promise<unknown> {
  const { lines, code, errors } = await endOf(startChild(program));
  const answer = lines.at(-1);
  if (code !== 0 || answer === undefined) {
    throw new Error(`a process of the suite ended with ${code}:\n${errors.trim() || lines.join('\n')}`);
  }
  try {
    return JSON.parse(answer) as unknown;
  } catch (error) {
    throw new Error(`a process of the suite gave no answer: ${messageOf(error)}`, { cause: error });
  }
}
