// `npm run demo`: `memo run`, then the page that the job made, as a file. All in one process, which saves the start of a second.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, main, processSurroundings } from '@memo/cli';
import { HELP, readCommandLine } from './command-line.mjs';

const DEMO = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(DEMO, '.memo');
const PAGE = join(DEMO, 'out', 'report.html');

const around = processSurroundings();
const code = await demo(process.argv.slice(2));
await around.flushed();
process.exit(code);

/** @param {readonly string[]} args */
async function demo(args) {
  const { help, clean, env, config, run, problem } = readCommandLine(args);
  if (problem !== undefined) return refuse(problem);
  if (help) return print(HELP);
  if (clean) return removeResults();
  Object.assign(process.env, env);
  // Steps compute on this thread: side by side they would wait for each other, and their times would count twice.
  const ran = await main(['run', '-C', DEMO, '--jobs', '1', ...config, ...run], around);
  return ran === EXIT.ok ? await writePage(config, run) : ran;
}

/**
 * @param {readonly string[]} config
 * @param {readonly string[]} run
 */
async function writePage(config, run) {
  mkdirSync(dirname(PAGE), { recursive: true });
  /** @type {(string | Uint8Array)[]} */
  const said = [];
  const stderr = { ...around.stderr, write: (/** @type {string | Uint8Array} */ text) => void said.push(text) };
  const got = await main(['get', 'report', '-C', DEMO, ...config, '-o', PAGE], { ...around, stderr });
  // The run was told to leave the report out, or to keep nothing: then the page stays as it was.
  if (got === EXIT.notFound) return EXIT.ok;
  if (got !== EXIT.ok) process.stderr.write(said.join(''));
  else if (!run.some((arg) => arg === '--json' || arg === '--ndjson'))
    print(`page     ${fromHere(PAGE)}  ${Math.round(statSync(PAGE).size / 1000)} kB\n`);
  return got;
}

function removeResults() {
  for (const path of [RESULTS, dirname(PAGE)]) rmSync(path, { recursive: true, force: true });
  return print(`removed  ${fromHere(RESULTS)} and ${fromHere(dirname(PAGE))}\n`);
}

/** @param {string} problem */
function refuse(problem) {
  process.stderr.write(`error    ${problem}\n  npm run demo -- --help tells what it takes\n`);
  return EXIT.usage;
}

/** @param {string} text */
function print(text) {
  process.stdout.write(text);
  return EXIT.ok;
}

/** @param {string} path */
function fromHere(path) {
  return relative(around.cwd, path) || '.';
}
