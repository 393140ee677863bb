// The transcripts of README.md are what the commands print: `node tools/transcripts.mjs` compares them (after a build),
// `--update` writes them, and those of apps/demo/README.md with them (which the tests of the demo compare; `--no-demo` leaves
// them out, as they take a minute).
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printProblems } from './checks/problems.mjs';
import { installed, runNode } from './command.mjs';
import { installedMemo } from './installed-memo.mjs';
import { ROOT } from './setup.mjs';
import { lasting, shown, transcriptsOf, withTranscripts } from './transcripts/transcript.mjs';

/** @typedef {import('./transcripts/transcript.mjs').Transcript} Transcript */

const README = join(ROOT, 'README.md');
const INSTALLED = await installedMemo();

/** What a new user types, and what is edited before it. */
const WAY = [
  { name: 'init', words: ['init', '--yes'] },
  { name: 'first', words: ['run'] },
  { name: 'again', words: ['run'] },
  { name: 'plan', words: ['plan'], edit: { from: "line.split(';')", to: "line.trim().split(';')" } },
  { name: 'why', words: ['why', 'summarize'] },
  { name: 'cutoff', words: ['run'] },
];

const update = process.argv.includes('--update');
const walked = await walk();
const readme = readFileSync(README, 'utf8');
if (update) {
  writeFileSync(README, withTranscripts(readme, walked));
  if (process.argv.includes('--no-demo')) process.exit();
  const loader = pathToFileURL(installed('tsx/dist/loader.mjs')).href;
  const { ok, output } = await runNode(['--import', loader, join(ROOT, 'apps', 'demo', 'scripts', 'walk.ts')]);
  printProblems(ok ? [] : [output]);
} else {
  printProblems(differences(readme));
}

/** @param {string} document */
function differences(document) {
  const documented = transcriptsOf(document);
  return walked.flatMap((transcript) => {
    const expected = documented.get(transcript.name);
    if (expected === undefined) return [`README.md has no transcript called ${transcript.name}`];
    return lasting(expected) === lasting(shown(transcript))
      ? []
      : [`README.md shows something else (node tools/transcripts.mjs --update) than\n${shown(transcript)}`];
  });
}

/** @returns {Promise<Transcript[]>} */
async function walk() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memo-transcripts-')));
  try {
    const project = join(folder, 'sales');
    installMemo(project);
    /** @type {Transcript[]} */
    const transcripts = [];
    for (const { name, words, edit } of WAY) {
      if (edit !== undefined) change(join(project, 'src', 'pipeline.ts'), edit);
      const { ok, output } = await memo(project, words);
      if (!ok) throw new Error(`memo ${words.join(' ')} fails:\n${output}`);
      transcripts.push({ name, typed: `npx memo ${words.join(' ')}`, output });
    }
    return transcripts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} project */
function installMemo(project) {
  const scope = join(project, 'node_modules', '@memo');
  mkdirSync(scope, { recursive: true });
  for (const name of ['cli', 'core', 'io-fs', 'strategy-source-hash'])
    symlinkSync(join(INSTALLED, '@memo', name), join(scope, name), 'junction');
}

/**
 * @param {string} path
 * @param {{ from: string, to: string }} edit
 */
function change(path, { from, to }) {
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${path} does not hold ${from} exactly once`);
  writeFileSync(path, text.replace(from, to));
}

/**
 * @param {string} cwd
 * @param {string[]} words
 */
function memo(cwd, words) {
  const { FORCE_COLOR: _, CI: __, GITHUB_ACTIONS: ___, ...env } = process.env;
  return runNode([join(INSTALLED, '@memo', 'cli', 'bin', 'memo.cjs'), ...words], {
    cwd,
    env: { ...env, NO_COLOR: '1', COLUMNS: '110' },
  });
}
