import { describe, expect, test } from 'vitest';
import type { SourceSlice } from '../../src/slice/source-slice.ts';
import { sliceSource } from '../../src/slice-source.ts';
import { installedProject } from '../support/package-identities.ts';
import { type TemporaryProject, temporaryProject } from '../support/project.ts';
import { LOCKFILES } from './lockfile-texts.ts';

const OPS = `import { op } from '@memo/core';\nimport { work } from 'dep';\nexport const main = op('main', async () => work());\n`;

function slice(project: TemporaryProject): SourceSlice {
  project.write({ 'src/ops.ts': OPS, 'node_modules/dep/index.js': 'export const work = 1;' });
  return sliceSource({ root: project.root, file: 'src/ops.ts', exportName: 'main' });
}

test.each(Object.entries(LOCKFILES))(
  'a lockfile of %s gives an op the versions of what its packages depend on',
  (_kind, { name, text, bumped, unrelated }) => {
    const project = installedProject({ [name]: text });
    const before = slice(project);
    expect(before.packages).toEqual(['dep@1.0.0', 'sub@2.0.0']);
    expect(before.version).toBe(slice(installedProject({})).version);
    project.write({ [name]: unrelated(text) });
    expect(slice(project).version).toBe(before.version);
    project.write({ [name]: bumped(text) });
    expect(slice(project).version).not.toBe(before.version);
  },
);

test('a lockfile that cannot be read is reported, and what is installed counts', () => {
  const project = installedProject({ 'yarn.lock': '{' });
  const { certainty, uncertain, version } = slice(project);
  expect(uncertain.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
    'lockfile: yarn.lock cannot be read as a lockfile: the packages that are installed count',
  ]);
  expect(certainty).toBe('assumed');
  expect(version).toBe(slice(installedProject({})).version);
});

test('that is said once, however many files import packages', () => {
  const project = installedProject({ 'yarn.lock': '{' });
  slice(project);
  project.write({
    'src/other.ts': `import { work } from 'dep';\nexport const other = work;\n`,
    'src/ops.ts': `import { work } from 'dep';\nimport { other } from './other.ts';\nexport const main = () => [other, work];\n`,
  });
  const both = sliceSource({ root: project.root, file: 'src/ops.ts', exportName: 'main' });
  expect(both.uncertain).toEqual([
    { kind: 'lockfile', message: expect.any(String), place: { file: project.path('yarn.lock') } },
  ]);
});

describe("packages that Yarn Plug'n'Play keeps in archives", () => {
  const lock = LOCKFILES['yarn berry']?.text ?? '';
  const files = {
    'package.json': '{"name":"p","type":"module","dependencies":{"dep":"^1.0.0"}}',
    '.pnp.cjs': '',
    'src/ops.ts': OPS,
  };

  test('count by the lockfile', () => {
    const project = temporaryProject({ ...files, 'yarn.lock': lock });
    const ask = (): SourceSlice => sliceSource({ root: project.root, file: 'src/ops.ts', exportName: 'main' });
    const before = ask();
    expect(before).toMatchObject({ certainty: 'exact', packages: ['dep@1.0.0', 'sub@2.0.0'] });
    project.write({ 'yarn.lock': lock.replaceAll('2.0.0', '2.1.0') });
    expect(ask().version).not.toBe(before.version);
  });

  test.each([
    ['the lockfile does not have them', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'is kept by Yarn'],
    ['there is no such installation', { 'yarn.lock': lock, '.pnp.cjs': null }, 'cannot be found'],
  ])('are reported where %s', (_why, texts, message) => {
    const project = temporaryProject(files);
    project.write(texts);
    const { certainty, uncertain } = sliceSource({ root: project.root, file: 'src/ops.ts', exportName: 'main' });
    expect(certainty).toBe('untrackable');
    expect(uncertain).toMatchObject([{ kind: 'unresolved-import', message: expect.stringContaining(message) }]);
  });
});
