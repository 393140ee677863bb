import { expect, test } from 'vitest';
import type { SourceSlice } from '../../src/slice/source-slice.ts';
import { sliceSource } from '../../src/slice-source.ts';
import { installedProject } from '../support/package-identities.ts';
import type { TemporaryProject } from '../support/project.ts';
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
