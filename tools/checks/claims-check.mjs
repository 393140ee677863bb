// Every claim of SECURITY.md names the tests that hold it, and they exist: `node tools/checks/claims-check.mjs`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, ROOT } from '../setup.mjs';
import { printProblems } from './problems.mjs';

/** A link to a file of tests, and the names of tests that follow it. */
const HOLDERS = /\]\((packages\/[^)]+\.ts)\)((?:,?\s+"[^"]+")+)/g;
const LINKS = /\]\(packages\/[^)]+\.ts\)/g;

/**
 * @param {string} markdown
 * @param {(path: string) => string | undefined} read the text of a file of the repository; `undefined` where there is none
 * @returns {string[]} one line for each problem
 */
export function claimProblems(markdown, read) {
  return [...unheldClaims(markdown), ...missingTests(markdown, read)];
}

/** @param {string} markdown */
function unheldClaims(markdown) {
  const rows = markdown.split('\n').filter((line) => line.startsWith('|') && !/^\|(?:-+\|)+$/.test(line));
  const unheld = rows.filter((row) => !row.endsWith('| Held by |') && !row.endsWith('| – |') && !row.match(HOLDERS));
  return unheld.map((row) => `names no test that holds it: ${row.slice(0, 100)}`);
}

/**
 * @param {string} markdown
 * @param {(path: string) => string | undefined} read
 */
function missingTests(markdown, read) {
  const named = [...markdown.matchAll(HOLDERS)];
  const links = markdown.match(LINKS)?.length ?? 0;
  const nameless =
    links > named.length ? [`${links - named.length} links to tests are not followed by "their names"`] : [];
  return [
    ...nameless,
    ...named.flatMap(([, path = '', names = '']) => {
      const text = read(path);
      if (text === undefined) return [`${path} is not there`];
      return [...names.matchAll(/"([^"]+)"/g)]
        .filter(([, name = '']) => !QUOTES.some((quote) => text.includes(quote + name)))
        .map(([, name]) => `${path} has no test "${name}"`);
    }),
  ];
}

const QUOTES = ["'", '"', '`'];

/** @param {string} path */
function readTracked(path) {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

if (isMain(import.meta.url)) {
  printProblems(claimProblems(readFileSync(join(ROOT, 'SECURITY.md'), 'utf8'), readTracked));
}
