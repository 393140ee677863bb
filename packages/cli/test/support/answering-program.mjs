// Answers `memo plan --json`, with the memo of its first argument, in the directories of its second, one after the other, and prints
// the answers as JSON.
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [memo, directories] = process.argv.slice(2);
const { main, processSurroundings } = await import(pathToFileURL(memo).href);
const around = processSurroundings();
const answers = [];

for (const { directory, edited } of JSON.parse(directories)) {
  const said = { out: '', err: '' };
  const output = (to) => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write: (text) => {
      said[to] += String(text);
    },
  });
  const load = async (file) => {
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
