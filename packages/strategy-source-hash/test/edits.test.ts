import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type SourceSlice, sliceSource } from '../src/index.ts';
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

describe('the version of an op after an edit', () => {
  test.each(EDITS.map((edit) => [edit.group, edit.id, edit.expect, edit] as const))(
    '%s: %s: %s',
    (_group, _id, expected, edit) => {
      const project = projectOf(edit);
      const before = slice(project);
      const kinds = before.uncertain.map(({ kind }) => kind);
      if (expected.startsWith('flag:')) return expect(kinds).toContain(expected.slice('flag:'.length));
      if (expected.startsWith('env:')) return expect(before.env).toContain(expected.slice('env:'.length));
      const after = edit.move === true ? slice(projectOf(edit)) : sliceAfter(project, edit.edits);
      expect(after.version === before.version).toBe(expected === 'same');
    },
  );
});

function projectOf(edit: Edit): TemporaryProject {
  const project = temporaryProject(edit.files);
  if (edit.link !== undefined) project.link(...edit.link);
  return project;
}

function slice({ root }: TemporaryProject): SourceSlice {
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main' });
}

function sliceAfter(project: TemporaryProject, edits: FileTexts): SourceSlice {
  project.write(edits);
  return slice(project);
}
