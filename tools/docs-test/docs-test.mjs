// What the documents show is true: their programs compile, those that are run print what is shown, and their links to
// files of the repository lead somewhere. `node tools/docs-test/docs-test.mjs [document…]`
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printProblems } from '../checks/problems.mjs';
import { installed, runNode } from '../command.mjs';
import { ROOT } from '../setup.mjs';
import { documentsOf } from './documents.mjs';
import { fencesOf, printsAsShown, programsOf } from './fences.mjs';
import { deadLinks } from './links.mjs';
import { withScratchProject } from './scratch-project.mjs';

// Bounds a program that hangs; none fails because the machine is slow.
const RUN_TIMEOUT_MS = 300_000;

/** @typedef {{ document: string, program: import('./fences.mjs').Program }} DocumentProgram */

const named = process.argv.slice(2);
const documents = named.length > 0 ? named : documentsOf();
printProblems([...documents.flatMap(linkProblems), ...(await programProblems(documents))]);

/** @param {string} document */
function linkProblems(document) {
  const path = join(ROOT, document);
  return deadLinks(path, readFileSync(path, 'utf8')).map(
    (target) => `${document}: the link to ${target} leads nowhere`,
  );
}

/** @param {string[]} documents */
async function programProblems(documents) {
  /** @type {DocumentProgram[]} */
  const programs = [];
  /** @type {string[]} */
  const problems = [];
  for (const document of documents) {
    try {
      const found = programsOf(fencesOf(readFileSync(join(ROOT, document), 'utf8')));
      programs.push(...found.map((program) => ({ document, program })));
    } catch (error) {
      problems.push(`${document}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (programs.length === 0) return problems;
  return withScratchProject(async (folder) => {
    for (const found of programs) write(folder, found);
    const wrong = await compileProblems(folder);
    return [
      ...problems,
      ...wrong,
      ...(wrong.length === 0 ? programs.flatMap((found) => runProblems(folder, found)) : []),
    ];
  });
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 */
function pathOf(folder, { document, program }) {
  return join(folder, 'documents', document, program.file);
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 */
function write(folder, found) {
  const path = pathOf(folder, found);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${found.program.text}\n`);
}

/** @param {string} folder */
async function compileProblems(folder) {
  const compiler = [installed('typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
  const { ok, output } = await runNode(compiler, { cwd: folder });
  if (ok) return [];
  // documents/docs/x.md/line-12.ts(14,3) → docs/x.md:14:3
  return [output.trim().replaceAll(/^documents\/(.+\.md)\/[^(\n]+\((\d+),(\d+)\)/gm, '$1:$2:$3')];
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 * @returns {string[]}
 */
function runProblems(folder, found) {
  return found.program.outputs.flatMap((shown, i) => {
    const { ok, printed } = execute(folder, pathOf(folder, found));
    const place = `${found.document}:${found.program.line}`;
    if (!ok) return [`${place}: run ${i + 1} fails:\n${printed}`];
    return printsAsShown(printed, shown)
      ? []
      : [`${place}: run ${i + 1} prints\n${printed}\nand not what is shown:\n${shown}`];
  });
}

/**
 * Both streams go to one file, so that what is compared is in the order in which a terminal would show it.
 *
 * @param {string} folder
 * @param {string} program
 */
function execute(folder, program) {
  const log = join(folder, 'printed.txt');
  const file = openSync(log, 'w');
  const loader = pathToFileURL(installed('tsx/dist/loader.mjs')).href;
  // Node 20 takes some 70 ms at every start to read the certificates, which no document needs.
  const { FORCE_COLOR: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env;
  const { status } = spawnSync(process.execPath, ['--conditions=@memo/source', '--import', loader, program], {
    cwd: dirname(program),
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', file, file],
    timeout: RUN_TIMEOUT_MS,
  });
  closeSync(file);
  return { ok: status === 0, printed: readFileSync(log, 'utf8') };
}
