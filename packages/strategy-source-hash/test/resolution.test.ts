import { describe, expect, test } from 'vitest';
import { runtimeConditions } from '../src/runtime-conditions.ts';
import { FilesOnDisk } from '../src/source-files.ts';
import { SourceGraph } from '../src/source-graph.ts';
import { CONDITIONS, filesIn, hash, kinds } from './support/hashing.ts';
import { type FileTexts, temporaryProject } from './support/project.ts';

const PACKAGE = { 'package.json': '{"name":"p","type":"module"}' };

/** Files reached from src/ops.ts, that file left out. */
function reached(files: FileTexts, options?: Parameters<typeof hash>[2]): readonly string[] {
  const project = temporaryProject({ ...PACKAGE, ...files });
  return filesIn(hash(project, 'src/ops.ts', options), project)
    .filter((file) => file !== 'src/ops.ts')
    .sort();
}

describe('a reference leads to', () => {
  test.each<readonly [string, FileTexts, readonly string[]]>([
    ['the TypeScript file behind a .js name', { 'src/ops.ts': `import './a.js'`, 'src/a.ts': '' }, ['src/a.ts']],
    [
      'both files where .js and .ts exist',
      { 'src/ops.ts': `import './a.js'`, 'src/a.ts': '', 'src/a.js': '' },
      ['src/a.js', 'src/a.ts'],
    ],
    [
      'only the file that is named in full',
      { 'src/ops.ts': `import './a.ts'`, 'src/a.ts': '', 'src/a.js': '' },
      ['src/a.ts'],
    ],
    ['a file without its extension', { 'src/ops.ts': `import './a'`, 'src/a.tsx': '' }, ['src/a.tsx']],
    ['the index of a directory', { 'src/ops.ts': `import './a'`, 'src/a/index.ts': '' }, ['src/a/index.ts']],
    [
      'the main file of a directory',
      { 'src/ops.ts': `require('./a')`, 'src/a/package.json': '{"main":"m.cjs"}', 'src/a/m.cjs': '' },
      ['src/a/m.cjs'],
    ],
    [
      'a file with a query',
      { 'src/ops.ts': `import './a.txt?raw'; import './b.ts#x'`, 'src/a.txt': '', 'src/b.ts': '' },
      ['src/a.txt', 'src/b.ts'],
    ],
    ['a file with escapes in its name', { 'src/ops.ts': `import './a%20b.js'`, 'src/a b.js': '' }, ['src/a b.js']],
    ['an asset without a dot', { 'src/ops.ts': `new URL('a.txt', import.meta.url)`, 'src/a.txt': '' }, ['src/a.txt']],
    ['the files of a directory', { 'src/ops.ts': `new URL('./d/', import.meta.url)`, 'src/d/x.txt': '' }, ['src/d']],
    [
      'code whose place is asked for',
      { 'src/ops.ts': `new URL('./w.ts', import.meta.url)`, 'src/w.ts': `import './v.ts'`, 'src/v.ts': '' },
      ['src/v.ts', 'src/w.ts'],
    ],
    [
      'a file without any extension',
      { 'src/ops.ts': `require('./tool')`, 'src/tool': `require('./x.cjs')`, 'src/x.cjs': '' },
      ['src/tool', 'src/x.cjs'],
    ],
    [
      'the imports map of the package',
      { 'package.json': '{"imports":{"#a":"./src/a.ts"}}', 'src/ops.ts': `import '#a'`, 'src/a.ts': '' },
      ['src/a.ts'],
    ],
    [
      'the package itself by name',
      { 'package.json': '{"name":"p","exports":"./src/a.ts"}', 'src/ops.ts': `import 'p'`, 'src/a.ts': '' },
      ['src/a.ts'],
    ],
    [
      'modules in other formats',
      { 'src/ops.ts': `import './a.vue'`, 'src/a.vue': `<script>import './b.ts'</script>`, 'src/b.ts': '' },
      ['src/a.vue', 'src/b.ts'],
    ],
    [
      'the JSX runtime',
      {
        'src/ops.ts': `import './a.tsx'`,
        'src/a.tsx': '/** @jsxImportSource #jsx */ x = <a/>',
        'package.json': '{"imports":{"#jsx/*":"./src/j.ts"}}',
        'src/j.ts': '',
      },
      ['src/a.tsx', 'src/j.ts'],
    ],
    ['nothing for declarations', { 'src/ops.ts': `import { A } from './a.js'`, 'src/a.d.ts': '' }, []],
    [
      'nothing for imports that are marked as types',
      {
        'src/ops.ts': `import type { A } from './a.ts'; import { type B } from './b.ts'`,
        'src/a.ts': '',
        'src/b.ts': '',
      },
      [],
    ],
  ])('%s', (_title, files, expected) => {
    expect(reached(files)).toEqual(expected);
  });

  test('imports that are marked one by one, where the compiler keeps them', () => {
    const files = { 'src/ops.ts': `import { type B } from './b.ts'`, 'src/b.ts': '' };
    expect(reached({ ...files, 'tsconfig.json': '{"compilerOptions":{"verbatimModuleSyntax":true}}' })).toEqual([
      'src/b.ts',
    ]);
    expect(reached(files, { nativeTypes: true })).toEqual(['src/b.ts']);
  });

  test('the alias of a tsconfig and the installed package of that name, because runners differ', () => {
    const files = {
      'tsconfig.json': `{ // aliases\n "extends": "./base.json", }`,
      'base.json': '{"compilerOptions":{"paths":{"dep":["./src/dep.ts"]}}}',
      'src/dep.ts': '',
      'src/ops.ts': `import 'dep'`,
      'node_modules/dep/package.json': '{"name":"dep","version":"1.2.3"}',
      'node_modules/dep/index.js': '',
    };
    const project = temporaryProject({ ...PACKAGE, ...files });
    const closure = hash(project);
    expect(filesIn(closure, project)).toEqual(['src/ops.ts', 'src/dep.ts']);
    expect([...closure.packages]).toEqual(['dep@1.2.3']);
  });

  test('what the conditions of the process select', () => {
    const files = {
      'package.json': '{"name":"p","exports":{"source":"./src/a.ts","default":"./src/b.ts"}}',
      'src/ops.ts': `import 'p'`,
      'src/a.ts': '',
      'src/b.ts': '',
    };
    const conditions = { ...CONDITIONS, import: ['source', ...CONDITIONS.import] };
    expect(reached(files)).toEqual(['src/b.ts']);
    expect(reached(files, { conditions })).toEqual(['src/a.ts']);
  });
});

test('a directory counts with all files in it, those behind links too', () => {
  const project = temporaryProject({
    ...PACKAGE,
    'src/ops.ts': `new URL('./data/', import.meta.url)`,
    'src/data/a/x.txt': 'x',
    'elsewhere/y.txt': 'y',
  });
  project.link('elsewhere', 'src/data/link');
  project.link('src/data', 'elsewhere/back');
  const digests = [hash(project).digest];
  for (const edit of [{ 'elsewhere/y.txt': 'z' }, { 'src/data/a/x.txt': 'z' }, { 'src/data/new.txt': '' }]) {
    project.write(edit);
    digests.push(hash(project).digest);
  }
  expect(new Set(digests).size).toBe(4);
});

describe('an import that leads nowhere', () => {
  test('is reported with its place', () => {
    const project = temporaryProject({ ...PACKAGE, 'src/ops.ts': `\nimport { a } from 'gone'; a()` });
    expect(hash(project).findings).toMatchObject([
      { kind: 'unresolved-import', place: { file: project.path('src/ops.ts'), line: 2, column: 1 } },
    ]);
  });

  test('is not reported where only types are taken from it', () => {
    const project = temporaryProject({ ...PACKAGE, 'src/ops.ts': `import { A } from 'gone'; let a: A` });
    expect(kinds(hash(project))).toEqual([]);
  });
});

describe("memo's own packages", () => {
  test('count by name only', () => {
    const project = temporaryProject({
      ...PACKAGE,
      'src/ops.ts': `import { op } from '@memo/core'; op()`,
      'node_modules/@memo/core/package.json': '{"name":"@memo/core","version":"1.0.0"}',
      'node_modules/@memo/core/index.js': '',
    });
    const before = hash(project);
    project.write({ 'node_modules/@memo/core/package.json': '{"name":"@memo/core","version":"1.1.0"}' });
    expect(hash(project).digest).toBe(before.digest);
    expect(kinds(before)).toEqual([]);
  });

  test('are followed where an alias leads their name to other code', () => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"paths":{"@memo/core":["./src/mine.ts"]}}}',
      'src/ops.ts': `import { op } from '@memo/core'; op()`,
      'src/mine.ts': '',
    };
    expect(reached(files)).toEqual(['src/mine.ts']);
  });
});

describe('the meaning of a file also depends on', () => {
  const before: FileTexts = {
    ...PACKAGE,
    'tsconfig.json': '{"compilerOptions":{"target":"es2022"}}',
    'src/ops.ts': 'a()',
  };

  test.each<readonly [string, FileTexts, boolean]>([
    ['the type of its package', { 'package.json': '{"name":"p","type":"commonjs"}' }, true],
    ['compiler options that change code', { 'tsconfig.json': '{"compilerOptions":{"target":"es2015"}}' }, true],
    [
      'not on options that change checks',
      { 'tsconfig.json': '{"compilerOptions":{"target":"es2022","noEmit":true}}' },
      false,
    ],
    ['not on scripts of its package', { 'package.json': '{"name":"p","type":"module","scripts":{"a":"b"}}' }, false],
  ])('%s', (_title, edit, changes) => {
    const project = temporaryProject(before);
    const digest = hash(project).digest;
    project.write(edit);
    expect(hash(project).digest !== digest).toBe(changes);
  });

  test('a chain of tsconfig files that cannot be read in full is reported', () => {
    const project = temporaryProject({ ...before, 'tsconfig.json': '{"extends":"./gone.json"}' });
    expect(kinds(hash(project))).toEqual(['compiler-options']);
  });
});

test('the conditions of a process come from its arguments and from NODE_OPTIONS', () => {
  const { import: conditions } = runtimeConditions({
    execArgv: ['--conditions=a', '-C', 'b', '--enable-source-maps', '--conditions', 'c'],
    nodeOptions: '--max-old-space-size=9 --conditions "d e"',
    requireModule: true,
  });
  expect(conditions).toEqual(['import', 'd e', 'a', 'b', 'c', 'node', 'node-addons', 'module-sync', 'default']);
});

test('a file that appears after another one was read is found for those that are read later', () => {
  const project = temporaryProject({ ...PACKAGE, 'a.ts': `import './x.js'`, 'b.ts': `import './x.js'`, 'x.js': '' });
  const graph = new SourceGraph({
    files: new FilesOnDisk(),
    conditions: CONDITIONS,
    tsconfig: undefined,
    nativeTypes: false,
  });
  expect(graph.node(project.path('a.ts'))?.targets).toEqual([project.path('x.js')]);
  project.write({ 'x.ts': '' });
  graph.isCurrent();
  expect(graph.node(project.path('b.ts'))?.targets).toEqual([project.path('x.js'), project.path('x.ts')]);
});
