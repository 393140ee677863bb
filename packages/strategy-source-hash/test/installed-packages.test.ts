import { describe, expect, test } from 'vitest';
import { hash } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

const manifest = (name: string, version: string, dependencies: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify({ name, version, dependencies });

const OPS: FileTexts = { 'package.json': '{"name":"p","type":"module"}', 'src/ops.ts': `import 'dep'` };

/** Two pnpm-style packages that depend on two versions of `sub`. */
function store(first: string, second: string): TemporaryProject {
  const project = temporaryProject({
    ...OPS,
    'src/ops.ts': `import 'a'; import 'b'`,
    'node_modules/.pnpm/a@1.0.0/node_modules/a/package.json': manifest('a', '1.0.0', { sub: '*' }),
    'node_modules/.pnpm/a@1.0.0/node_modules/a/index.js': '',
    'node_modules/.pnpm/b@1.0.0/node_modules/b/package.json': manifest('b', '1.0.0', { sub: '*' }),
    'node_modules/.pnpm/b@1.0.0/node_modules/b/index.js': '',
    'node_modules/.pnpm/sub@1.0.0/node_modules/sub/package.json': manifest('sub', '1.0.0'),
    'node_modules/.pnpm/sub@2.0.0/node_modules/sub/package.json': manifest('sub', '2.0.0'),
  });
  for (const [name, sub] of [
    ['a', first],
    ['b', second],
  ] as const) {
    project.link(`node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`, `node_modules/${name}`);
    project.link(`node_modules/.pnpm/sub@${sub}/node_modules/sub`, `node_modules/.pnpm/${name}@1.0.0/node_modules/sub`);
  }
  return project;
}

describe('installed packages', () => {
  test('count with name and version of all that is installed for them', () => {
    expect([...hash(store('1.0.0', '2.0.0')).packages].sort()).toEqual([
      'a@1.0.0',
      'b@1.0.0',
      'sub@1.0.0',
      'sub@2.0.0',
    ]);
  });

  test('that trade their dependencies change the version, though no version number changes', () => {
    expect(hash(store('2.0.0', '1.0.0')).digest).not.toBe(hash(store('1.0.0', '2.0.0')).digest);
    expect(hash(store('1.0.0', '2.0.0')).digest).toBe(hash(store('1.0.0', '2.0.0')).digest);
  });

  test('may depend on each other in a circle', () => {
    const project = temporaryProject({
      ...OPS,
      'node_modules/dep/package.json': manifest('dep', '1.0.0', { sub: '1' }),
      'node_modules/dep/index.js': '',
      'node_modules/sub/package.json': manifest('sub', '1.0.0', { dep: '1' }),
    });
    const before = hash(project);
    expect([...before.packages]).toEqual(['dep@1.0.0', 'sub@1.0.0']);
    project.write({ 'node_modules/sub/package.json': manifest('sub', '1.0.1', { dep: '1' }) });
    expect(hash(project).digest).not.toBe(before.digest);
  });

  test.each([
    ['another file of the package', { 'src/ops.ts': `import 'dep/other.js'` }],
    ['a dependency that is installed later', { 'node_modules/sub/package.json': manifest('sub', '1.0.0') }],
  ])('change the version by %s', (_title, edit: FileTexts) => {
    const project = temporaryProject({
      ...OPS,
      'node_modules/dep/package.json': manifest('dep', '1.0.0', { sub: '*' }),
      'node_modules/dep/index.js': '',
      'node_modules/dep/other.js': '',
    });
    const before = hash(project).digest;
    project.write(edit);
    expect(hash(project).digest).not.toBe(before);
  });

  test.each([
    ['a git range', { dependencies: { dep: 'github:someone/dep' } }],
    ['a tarball', { dependencies: { dep: 'file:../dep.tgz' } }],
    ['a URL', { devDependencies: { dep: 'https://example.test/dep.tgz' } }],
  ])('that come from %s count by their files', (_title, fields) => {
    const project = temporaryProject({
      ...OPS,
      'package.json': JSON.stringify({ name: 'p', type: 'module', ...fields }),
      'node_modules/dep/package.json': manifest('dep', '1.0.0'),
      'node_modules/dep/index.js': 'before()',
    });
    const before = hash(project).digest;
    project.write({ 'node_modules/dep/index.js': 'after()' });
    expect(hash(project).digest).not.toBe(before);
  });

  test('from a registry count by their version, not by their files', () => {
    const project = temporaryProject({
      ...OPS,
      'node_modules/dep/package.json': manifest('dep', '1.0.0'),
      'node_modules/dep/index.js': 'before()',
    });
    const before = hash(project).digest;
    project.write({ 'node_modules/dep/index.js': 'after()' });
    expect(hash(project).digest).toBe(before);
  });

  test('without a version are followed as source', () => {
    const project = temporaryProject({
      ...OPS,
      'node_modules/dep/package.json': '{"name":"dep"}',
      'node_modules/dep/index.js': 'before()',
    });
    const before = hash(project).digest;
    project.write({ 'node_modules/dep/index.js': 'after()' });
    expect(hash(project).digest).not.toBe(before);
  });

  test.each([
    ['a patch', 'dep@1.0.0_patch_hash=aaa', 'dep@1.0.0_patch_hash=bbb'],
    ['a patch in the newer form', 'dep@1.0.0(patch_hash=aaa)', 'dep@1.0.0(patch_hash=bbb)'],
  ])('with %s of pnpm count with it', (_title, first, second) => {
    const patched = (segment: string): TemporaryProject => {
      const directory = `node_modules/.pnpm/${segment}/node_modules/dep`;
      const project = temporaryProject({
        ...OPS,
        [`${directory}/package.json`]: manifest('dep', '1.0.0'),
        [`${directory}/index.js`]: '',
      });
      project.link(directory, 'node_modules/dep');
      return project;
    };
    expect(hash(patched(first)).digest).toBe(hash(patched(first)).digest);
    expect(hash(patched(second)).digest).not.toBe(hash(patched(first)).digest);
  });

  test('that a store keeps under an origin instead of a version count by their files', () => {
    const directory = 'node_modules/.pnpm/dep@https+++example.test+dep/node_modules/dep';
    const project = temporaryProject({
      ...OPS,
      [`${directory}/package.json`]: manifest('dep', '1.0.0'),
      [`${directory}/index.js`]: 'before()',
    });
    project.link(directory, 'node_modules/dep');
    const before = hash(project).digest;
    project.write({ [`${directory}/index.js`]: 'after()' });
    expect(hash(project).digest).not.toBe(before);
  });
});
