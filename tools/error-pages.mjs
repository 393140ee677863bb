// Writes the error pages into the command, which shows them offline: `node tools/error-pages.mjs`.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from './command.mjs';
import { ROOT } from './setup.mjs';

const PAGES = join(ROOT, 'docs', 'errors');
const FILE = join(ROOT, 'packages', 'cli', 'src', 'explain', 'error-pages.ts');

const codes = readdirSync(PAGES)
  .filter((name) => /^M\d{4}\.md$/.test(name))
  .sort()
  .map((name) => name.slice(0, -3));
const lines = codes.map((code) => `  ${code}: ${JSON.stringify(readFileSync(join(PAGES, `${code}.md`), 'utf8'))},`);
const text = `/** The pages of docs/errors, which \`memo explain\` shows; \`node tools/error-pages.mjs\` writes them here. */
export const ERROR_PAGES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
writeFileSync(FILE, text);
execFileSync(process.execPath, [installed('@biomejs/biome/bin/biome'), 'format', '--write', FILE]);
