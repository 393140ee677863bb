import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there is no real terminal here, or `undefined`. With `MEMO_REQUIRE_SERVERS=1` that is an error. */
export function missingTmux(): string | undefined {
  if (spawnSync('tmux', ['-V']).status === 0) return undefined;
  const reason = 'tmux is not installed: apt-get install tmux';
  if (process.env.MEMO_REQUIRE_SERVERS === '1') throw new Error(reason);
  return reason;
}

/** A real terminal of a server of its own, with a command in it. */
export class TmuxTerminal {
  readonly #folder = mkdtempSync(join(tmpdir(), 'memo-tmux-'));

  /** @param words the command; it stays on the screen when it ends, with its exit code below it */
  constructor(words: readonly string[], { cwd, columns, rows }: { cwd: string; columns: number; rows: number }) {
    const line = `env -u CI -u NO_COLOR -u COLUMNS ${words.map(quoted).join(' ')}; echo "exit code $?"; exec sleep 600`;
    this.#tmux('new-session', '-d', '-c', cwd, '-x', String(columns), '-y', String(rows), line);
  }

  /** What the screen shows. */
  get screen(): string {
    return this.#tmux('capture-pane', '-p').trimEnd();
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]): string {
    const all = ['-f', '/dev/null', '-S', join(this.#folder, 'socket'), ...args];
    const { status, stdout, stderr } = spawnSync('tmux', all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
