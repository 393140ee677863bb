// Answers `memo plan --json` in the directories of its argument, one after the other, and prints the answers as JSON.
import { appendFileSync } from 'node:fs';
import { main, processSurroundings } from '../../src/index.ts';

const projects = JSON.parse(process.argv[2] ?? '[]') as readonly {
  readonly directory: string;
  readonly edited: boolean;
}[];
const around = processSurroundings();
const answers: unknown[] = [];

for (const { directory, edited } of projects) {
  const said = { out: '', err: '' };
  const output = (to: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write: (text: string | Uint8Array): void => {
      said[to] += String(text);
    },
  });
  const load = async (file: string) => {
    const loaded = await around.load(file);
    if (edited) appendFileSync(file, 'export const later = 1;\n');
    return loaded;
  };
  const code = await main(['plan', '--json'], {
    ...around,
    load,
    cwd: directory,
    stdout: output('out'),
    stderr: output('err'),
  });
  answers.push({ code, ...said });
}
process.stdout.write(JSON.stringify(answers));
