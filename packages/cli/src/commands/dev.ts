import { relative, sep } from 'node:path';
import { formatCount, oneLine } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { DEFAULT_DEBOUNCE_MS } from '../forms/every-day.ts';
import { projectOf } from '../project/project.ts';
import type { Invocation } from './command.ts';

const MOST_NAMED = 3;
/** What runs write, and what packages bring, is no edit. */
const IGNORED = new Set(['node_modules', '.git', '.memo', 'dist', 'coverage']);

export async function answer(invocation: Invocation): Promise<number> {
  const { flags } = invocation;
  const debounce = flags.number('debounce') ?? DEFAULT_DEBOUNCE_MS;
  if (debounce < 0) throw usageError('--debounce takes milliseconds from 0 on.');
  projectOf(invocation);
  return new Watch(invocation, debounce).done;
}

/** Runs again and again: at once, and after each change; never two at a time. */
class Watch {
  readonly done: Promise<number>;
  readonly #invocation: Invocation;
  readonly #debounceMs: number;
  readonly #changed = new Set<string>();
  readonly #stops: (() => void)[] = [];
  #isRunning = false;
  #cancel: () => void = () => undefined;
  #end: (code: number) => void = () => undefined;

  constructor(invocation: Invocation, debounceMs: number) {
    this.#invocation = invocation;
    this.#debounceMs = debounceMs;
    const { around, directory } = invocation;
    this.done = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#stops.push(
      around.watch(directory, (file) => this.#saw(file)),
      around.onInterrupt((signal) => this.#finish(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated)),
    );
    void this.#run();
  }

  #saw(file: string): void {
    const path = relative(this.#invocation.directory, file);
    if (path === '' || path.split(sep).some((part) => IGNORED.has(part))) return;
    this.#changed.add(path);
    this.#cancel();
    this.#cancel = this.#invocation.around.after(this.#debounceMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { around, err, names } = this.#invocation;
    const changed = [...this.#changed];
    this.#changed.clear();
    if (changed.length > 0) err.print('', err.paint('cyan', `changed ${namesOf(changed)}`));
    // Where a run takes keys, it alone may see that the person wants to end.
    const code = await around.again([...this.#command(), ...names]);
    if (code === EXIT.interrupted || code === EXIT.terminated) return this.#finish(code);
    err.print(err.paint('dim', 'waiting for changes; Ctrl-C ends'));
    this.#isRunning = false;
    if (this.#changed.size > 0) void this.#run();
  }

  #command(): readonly string[] {
    const { flags, directory } = this.#invocation;
    const kept = ['set', 'only', 'config', 'config-file', 'env', 'progress'];
    return [
      flags.has('plan-only') ? 'plan' : 'run',
      '-C',
      directory,
      ...kept.flatMap((name) => flags.list(name).map((value) => `--${name}=${value}`)),
      ...['no-color', 'ascii', 'quiet'].filter((name) => flags.has(name)).map((name) => `--${name}`),
    ];
  }

  #finish(code: number): void {
    this.#cancel();
    for (const stop of this.#stops) stop();
    this.#end(code);
  }
}

function namesOf(paths: readonly string[]): string {
  const rest = paths.length - MOST_NAMED;
  return paths.slice(0, MOST_NAMED).map(oneLine).join(', ') + (rest > 0 ? ` and ${formatCount(rest)} more` : '');
}
