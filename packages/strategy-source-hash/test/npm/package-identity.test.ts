import { describe, expect, test } from 'vitest';
import { identity, identityOrSource, installedProject } from '../support/package-identities.ts';
import { type FileTexts, temporaryProject } from '../support/project.ts';
import { LOCKFILES } from './lockfile-texts.ts';

const KINDS = Object.entries(LOCKFILES);

describe.each(KINDS)('a lockfile of %s', (_kind, { name, text, record, bumped, unrelated }) => {
  const recorded = (content: string): FileTexts =>
    record === undefined ? { [name]: content } : { [name]: content, [record]: content };

  test('gives the identity that the installed tree has without it', () => {
    const locked = identity(installedProject(recorded(text)));
    const installed = identity(installedProject({}));
    expect(locked.packages).toEqual(['dep@1.0.0', 'sub@2.0.0']);
    expect(locked.by).toBe(record === undefined ? 'both' : 'lockfile');
    expect(installed.by).toBe('installed');
    expect(locked.digest).toBe(installed.digest);
  });

  test('changes the identity with the version of a dependency of the package, not with that of an unrelated one', () => {
    const project = installedProject({ [name]: text });
    const before = identity(project);
    project.write({ [name]: unrelated(text) });
    expect(identity(project).digest).toBe(before.digest);
    project.write({ [name]: bumped(text) });
    expect(identity(project).digest).not.toBe(before.digest);
    expect(identity(project).packages).toContain('sub@2.1.0');
  });

  test('hides no dependency that is installed in another version than it says', () => {
    const project = installedProject({ [name]: text });
    const before = identity(project);
    project.write({ 'node_modules/sub/package.json': JSON.stringify({ name: 'sub', version: '2.0.1' }) });
    expect(identity(project).digest).not.toBe(before.digest);
  });

  test('spares a look at dependencies where the package manager recorded that it installed them', () => {
    const { sources } = identity(installedProject(recorded(text)));
    expect(sources.some((path) => path.includes('/sub/'))).toBe(record === undefined);
  });

  test.each([
    ['cut off in the middle', (content: string) => content.slice(0, content.length / 2)],
    ['empty', () => ''],
    ['of bytes that are no text', () => '\u0000\uFFFD'.repeat(100)],
    ['in conflict', (content: string) => `<<<<<<< HEAD\n${content}=======\n${content}>>>>>>> branch\n`],
    ['of nothing but depth', () => '{"packages":'.repeat(20_000)],
    ['of a flow map of nothing but depth', () => `a: ${'{a: '.repeat(20_000)}`],
  ])('that is %s leaves the installed tree to decide', (_title, damage) => {
    const project = installedProject({ [name]: damage(text) });
    const found = identity(project);
    project.write({ 'node_modules/sub/package.json': JSON.stringify({ name: 'sub', version: '2.0.1' }) });
    expect(identity(project).digest).not.toBe(found.digest);
  });

  test('that is no lockfile is named', () => {
    const project = installedProject({ [name]: '[1, 2' });
    expect(identity(project).unreadableLockfile).toBe(project.path(name));
    expect(identity(project).digest).toBe(identity(installedProject({})).digest);
    expect(identity(installedProject({ [name]: text })).unreadableLockfile).toBeUndefined();
  });
});

describe('packages that trade their dependencies', () => {
  test('change the identity, though no version number changes', () => {
    const lock = (first: string, second: string): FileTexts => ({
      'package-lock.json': JSON.stringify({
        packages: {
          'node_modules/dep': { version: '1.0.0', dependencies: { a: '*', b: '*' } },
          'node_modules/a': { version: '1.0.0', dependencies: { sub: '*' } },
          'node_modules/a/node_modules/sub': { version: first },
          'node_modules/b': { version: '1.0.0', dependencies: { sub: '*' } },
          'node_modules/sub': { version: second },
        },
      }),
    });
    expect(identity(installedProject(lock('1.0.0', '2.0.0'))).digest).not.toBe(
      identity(installedProject(lock('2.0.0', '1.0.0'))).digest,
    );
  });
});

describe('what is not from a registry', () => {
  test.each([
    ['link:', { dep: 'link:../dep' }],
    ['workspace:', { dep: 'workspace:*' }],
  ])('is source where %s leads outside node_modules', (_protocol, ranges) => {
    const project = temporaryProject({
      'package.json': JSON.stringify({ dependencies: ranges }),
      'packages/dep/package.json': '{"name":"dep","version":"1.0.0"}',
    });
    const found = { specifier: 'dep', importer: 'src/ops.ts', inside: 'packages/dep/index.js' };
    expect(identityOrSource(project, found)).toBeUndefined();
  });

  test.each(['github:someone/dep', 'git+https://example.test/dep.git', 'file:../dep', 'https://example.test/dep.tgz'])(
    '(%s) counts by its files, whatever a lockfile says',
    (range) => {
      for (const { name, text } of Object.values(LOCKFILES)) {
        const project = installedProject({ [name]: text, 'node_modules/dep/index.js': 'before()' }, { dep: range });
        const before = identity(project).digest;
        project.write({ 'node_modules/dep/index.js': 'after()' });
        expect(identity(project).digest).not.toBe(before);
      }
    },
  );

  test('counts by its files as a dependency of a package, too', () => {
    const snapshot =
      LOCKFILES['pnpm 9']?.text.replaceAll('sub@2.0.0', 'sub@git+https://example.test/sub.git#abc') ?? '';
    const lock = snapshot.replace('sub: 2.0.0', 'sub: git+https://example.test/sub.git#abc');
    const project = installedProject({
      'pnpm-lock.yaml': lock,
      'node_modules/.pnpm/lock.yaml': lock,
      'node_modules/dep/package.json': JSON.stringify({
        name: 'dep',
        version: '1.0.0',
        dependencies: { sub: 'git+https://example.test/sub.git' },
      }),
    });
    expect(identity(project).by).toBe('installed');
    const before = identity(project).digest;
    project.write({ 'node_modules/sub/index.js': 'after()' });
    expect(identity(project).digest).not.toBe(before);
  });
});

describe('patches', () => {
  test('of pnpm count by their hash', () => {
    const patched = (hash: string): FileTexts => ({
      'pnpm-lock.yaml': (LOCKFILES['pnpm 9']?.text ?? '')
        .replace('version: 1.0.0', `version: 1.0.0(patch_hash=${hash})`)
        .replace('  dep@1.0.0:\n    dependencies', `  dep@1.0.0(patch_hash=${hash}):\n    dependencies`),
    });
    const [first, second] = [identity(installedProject(patched('aaa'))), identity(installedProject(patched('bbb')))];
    expect(first.packages).toContain('dep@1.0.0+patch_hash=aaa');
    expect(second.digest).not.toBe(first.digest);
  });

  test('of Yarn count by their hash', () => {
    const range = 'patch:dep@npm%3A1.0.0#~/.yarn/patches/dep-npm-1.0.0-abc.patch';
    const patched = (hash: string): FileTexts => ({
      'yarn.lock': (LOCKFILES['yarn berry']?.text ?? '')
        .replace('"dep@npm:^1.0.0":', `"dep@${range}":`)
        .replace('resolution: "dep@npm:1.0.0"', `resolution: "dep@${range}::version=1.0.0&hash=${hash}"`),
    });
    const [first, second] = ['aaa', 'bbb'].map((hash) => identity(installedProject(patched(hash), { dep: range })));
    expect(first?.packages).toContain('dep@1.0.0+patch_hash=aaa');
    expect(second?.digest).not.toBe(first?.digest);
  });
});

describe('a package that is imported under another name', () => {
  test.each([
    [
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      dep:\n        specifier: npm:real@1\n        version: real@1.0.0\npackages:\n  real@1.0.0:\n    resolution: {integrity: x}\nsnapshots:\n  real@1.0.0: {}\n`,
    ],
    ['package-lock.json', JSON.stringify({ packages: { 'node_modules/dep': { name: 'real', version: '1.0.0' } } })],
    ['yarn.lock', '# yarn lockfile v1\n\n"dep@npm:real@1":\n  version "1.0.0"\n'],
    ['yarn.lock', '__metadata:\n  version: 8\n"dep@npm:real@1":\n  version: 1.0.0\n  resolution: "real@npm:1.0.0"\n'],
  ])('is known by its own one (%s)', (name, text) => {
    const project = temporaryProject({
      'package.json': JSON.stringify({ dependencies: { dep: 'npm:real@1' } }),
      'node_modules/dep/package.json': '{"name":"real","version":"1.0.0"}',
      [name]: text,
    });
    expect(identity(project).packages).toEqual(['real@1.0.0']);
    expect(identity(project).by).toBe('both');
  });
});

describe('a workspace', () => {
  const lock = (version: string): string =>
    `lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/a:\n    dependencies:\n      dep:\n        specifier: ^1.0.0\n        version: ${version}\npackages:\n  dep@${version}:\n    resolution: {integrity: x}\nsnapshots:\n  dep@${version}: {}\n`;

  test('has one lockfile above all packages, with a part for each', () => {
    const project = temporaryProject({
      'pnpm-lock.yaml': lock('1.0.0'),
      'package.json': '{"name":"root"}',
      'packages/a/package.json': JSON.stringify({ name: 'a', dependencies: { dep: '^1.0.0' } }),
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
    });
    const before = identity(project, 'dep', 'packages/a/src/ops.ts');
    expect(before.by).toBe('both');
    project.write({ 'pnpm-lock.yaml': lock('1.0.1') });
    expect(identity(project, 'dep', 'packages/a/src/ops.ts').digest).not.toBe(before.digest);
  });
});
