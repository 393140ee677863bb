import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { memoWords, project } from './support/process.ts';
import { missingTmux, TmuxTerminal } from './support/tmux.ts';

const reason = missingTmux();

/** An op that ends when the test says so. */
const WAITING = `import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { op } from '@memo/core';
export const load = op('load', async (_: object, { log }) => {
  log.info('looking');
  while (!existsSync('go')) await setTimeout(20);
  return 5;
});
`;

test('in a real terminal a run is drawn, survives a resize and a key, and leaves only what stays', async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const at = project().file('src/ops.ts', WAITING);
  const terminal = new TmuxTerminal(memoWords(['run']), { cwd: at.directory, columns: 100, rows: 24 });
  const shows = (text: string | RegExp): Promise<void> =>
    vi.waitFor(() => expect(terminal.screen).toMatch(text), { timeout: 60_000, interval: 50 });
  try {
    await shows(/◐ load +running/);
    terminal.resize(40, 12);
    terminal.press('l');
    await shows(/ {2}\[load\] looking\n.*elapsed/);
    terminal.press('l');
    await shows(/◐ load +running/);
    writeFileSync(join(at.directory, 'go'), '');
    await shows('exit code 0');
    const lines = terminal.screen.split('\n');
    expect(lines.filter((line) => /running|elapsed|\[q\]uit/.test(line))).toEqual([]);
    expect(lines.filter((line) => /✓ load/.test(line))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/numbers {2}ok in .*\n {2}run \w{6}\n {2}1 ran · 0 reused · 0 failed/);
  } finally {
    terminal.close();
  }
});

test('Ctrl-C in a real terminal lets a run end, and says so', async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const at = project().file('src/ops.ts', WAITING);
  const terminal = new TmuxTerminal(memoWords(['run']), { cwd: at.directory, columns: 80, rows: 24 });
  const shows = (text: string | RegExp): Promise<void> =>
    vi.waitFor(() => expect(terminal.screen).toMatch(text), { timeout: 60_000, interval: 50 });
  try {
    await shows(/◐ load +running/);
    terminal.press('C-c');
    await shows(/Ctrl-C\s+again\s+ends\s+at\s+once/);
    await shows('exit code 130');
    // The terminal is as it was: what is typed is shown again.
    terminal.press('typed');
    await shows('typed');
  } finally {
    terminal.close();
  }
});
