import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compilation, ConsumerProject, compilers } from './consumer-project.ts';

const LONGEST_MESSAGE = 4;

let project: ConsumerProject;
beforeAll(async () => {
  project = await ConsumerProject.create();
  project.copy('fixtures/programs', 'programs');
  project.copy('fixtures/mistakes', 'mistakes');
});
afterAll(() => project.remove());

const mistakes = readdirSync(new URL('fixtures/mistakes', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort();

describe.each(compilers)("a newcomer's mistake, with %s", (compiler) => {
  let compilation: Compilation;
  beforeAll(async () => {
    compilation = await project.compile(compiler, 'mistakes');
  });

  test.each(mistakes)('%s is an error that is short, stands where the mistake is, and names it', (name) => {
    const file = `mistakes/${name}.ts`;
    const { line, says } = expected(file);
    const errors = compilation.diagnostics.filter((diagnostic) => diagnostic.file === file);
    const shown = errors.map((error) => `line ${error.line}: ${error.message.join('\n')}`).join('\n');
    expect(errors, shown).toHaveLength(1);
    expect(errors[0]?.line, shown).toBe(line);
    expect(errors[0]?.message.join('\n')).toContain(says);
    expect(errors[0]?.message.length, shown).toBeLessThanOrEqual(LONGEST_MESSAGE);
  });

  test('nothing else is an error', () => {
    const others = compilation.diagnostics.filter(({ file }) => !file.startsWith('mistakes/'));
    expect(others).toEqual([]);
  });
});

/** A fixture marks the line of its mistake with what the compiler shall say. */
function expected(file: string): { readonly line: number; readonly says: string } {
  const lines = readFileSync(join(project.folder, file), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('// ✗ '));
  return { line: line + 1, says: (lines[line] as string).replace(/^.*\/\/ ✗ /, '') };
}
