import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Closure } from '../src/closure.ts';
import { hash, kinds } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

interface Edit {
  readonly group: string;
  readonly id: string;
  readonly files: FileTexts;
  readonly edits: FileTexts;
  readonly expect: string;
  readonly link?: readonly [string, string];
  readonly move?: boolean;
}

const EDITS = JSON.parse(readFileSync(new URL('./cases/edits.json', import.meta.url), 'utf8')) as readonly Edit[];

/** Edits that change nothing for the op, but that a closure of whole files cannot tell. This list may only get shorter. */
const TOO_CAREFUL: readonly string[] = [
  'barrel export*: unused member file',
  'namespace import: unused member',
  'workspace package unrelated symbol',
  'JSON import: other key',
  'console.log at top level',
  'effect on an unrelated binding in used file',
  'op from factory: sibling instance',
  'unused function in same file',
  'new function added to same file',
  'other op in same file',
  'op description changed',
  'reorder declarations',
  'reorder imports',
  'local variable rename',
  'parameter rename',
  'import alias rename',
  'named import -> namespace import',
  'move helper to another file',
  'unused import added (elided by TS)',
  'file renamed',
];

describe('the version of an op after an edit', () => {
  test.each(EDITS.map((edit) => [edit.group, edit.id, edit.expect, edit] as const))(
    '%s: %s: %s',
    (_group, id, expected, edit) => {
      const project = projectOf(edit);
      const before = hash(project);
      if (expected.startsWith('flag:')) return expect(kinds(before)).toContain(expected.slice('flag:'.length));
      if (expected.startsWith('env:')) return expect(kinds(before)).toContain(expected);
      const after = edit.move === true ? hash(projectOf(edit)) : hashAfter(project, edit.edits);
      const changes = expected === 'inv' || TOO_CAREFUL.includes(id);
      expect(after.digest === before.digest).toBe(!changes);
    },
  );
});

function projectOf(edit: Edit): TemporaryProject {
  const project = temporaryProject(edit.files);
  if (edit.link !== undefined) project.link(...edit.link);
  return project;
}

function hashAfter(project: TemporaryProject, edits: FileTexts): Closure {
  project.write(edits);
  return hash(project);
}
