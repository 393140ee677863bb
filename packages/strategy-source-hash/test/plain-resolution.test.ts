import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { FileAge } from '../src/file-age.ts';
import { LoadedFiles } from '../src/loaded-files.ts';
import { NotedResolution, PackageResolution, type ResolutionQuestion } from '../src/package-resolution.ts';
import { filesAgain } from '../src/same-disk.ts';
import { Sightings } from '../src/sightings.ts';
import { type StoredSightings, storedSightings } from '../src/stored-sightings.ts';
import { CONDITIONS } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');
beforeEach(() => {
  Reflect.deleteProperty(globalThis, REGISTRY);
});

/** Files of every test are older than what looks at them, and so young that only their bytes tell. */
const LATER = Date.now() + 3_600_000;
const age = new FileAge({ now: () => 0, loadingBegan: () => LATER });

interface Asked {
  readonly found: readonly string[];
  readonly seen: StoredSightings;
}

function ask(made: TemporaryProject, specifier: string, tsconfig?: string): Asked {
  const sightings = new Sightings(age);
  const resolution = new NotedResolution(CONDITIONS, tsconfig, new LoadedFiles(age, sightings));
  const found = resolution.find(questionOf(made, specifier));
  return { found, seen: storedSightings(sightings) };
}

function questionOf(made: TemporaryProject, specifier: string): ResolutionQuestion {
  return { via: 'import', from: made.path('src/deep/ops.ts'), specifier };
}

/** True when none of it is left to the resolver. */
const isExplained = ({ seen }: Asked): boolean => seen.resolutions.length === 0;

const SOURCES: FileTexts = {
  'package.json': '{"name":"p"}',
  'src/deep/ops.ts': '',
  'node_modules/dep/lib/main.js': '',
  'node_modules/dep/lib/other.js': '',
};

const withDep = (manifest: object, more: FileTexts = {}): FileTexts => ({
  ...SOURCES,
  'node_modules/dep/package.json': JSON.stringify({ name: 'dep', ...manifest }),
  ...more,
});

const MAIN = { main: './lib/main.js' };

describe('what a package.json says is seen without the resolver:', () => {
  test.each<[string, string, FileTexts]>([
    ['exports that are a path', 'dep', withDep({ exports: './lib/main.js' })],
    ['exports by condition', 'dep', withDep({ exports: { require: './no.cjs', import: './lib/main.js' } })],
    [
      'conditions in conditions',
      'dep',
      withDep({ exports: { node: { worker: './no.js' }, default: './lib/main.js' } }),
    ],
    ['exports by path', 'dep/other', withDep({ exports: { '.': './no.js', './other': './lib/other.js' } })],
    ['the main file', 'dep', withDep(MAIN)],
    ['a file of a package without exports', 'dep/lib/other.js', withDep(MAIN)],
    ['beside a tsconfig that leads nowhere', 'dep', withDep(MAIN, { 'tsconfig.json': '{"compilerOptions":{}}' })],
    [
      'beside tsconfigs that extend or refer to each other, and lead nowhere',
      'dep',
      withDep(MAIN, {
        'tsconfig.json': '{ "files": [], "references": [{ "path": "src" }, { "path": "./other.json" }] } // all',
        'other.json': '{"extends":["./base.json"]}',
        'base.json': '{"compilerOptions":{"strict":true}}',
        'src/tsconfig.json': '{"extends":"../base.json","references":[{"path":".."}]}',
      }),
    ],
    ['behind a nearer directory without it', 'dep', withDep(MAIN, { 'src/node_modules/x/a.js': '' })],
  ])('%s', (_what, specifier, files) => {
    const made = temporaryProject(files);
    const asked = ask(made, specifier);
    expect(asked.found[0]).toMatch(/main\.js$|other\.js$/);
    expect(isExplained(asked)).toBe(true);
    expect(filesAgain(asked.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed).toEqual([]);
  });

  test('through a link, which must lead where it did', () => {
    const made = temporaryProject({ ...SOURCES, 'one/package.json': JSON.stringify(MAIN), 'one/lib/main.js': '' });
    made.link('one', 'node_modules/@scope/dep');
    const asked = ask(made, '@scope/dep');
    expect(asked.found[0]).toBe(made.path('one/lib/main.js'));
    expect(isExplained(asked)).toBe(true);
    rmSync(made.path('node_modules/@scope/dep'));
    made.link('node_modules/dep', 'node_modules/@scope/dep');
    expect(filesAgain(asked.seen, { conditions: CONDITIONS, tsconfig: undefined, age })).toBeUndefined();
  });
});

describe('the resolver is asked again about', () => {
  test.each<[string, string, FileTexts]>([
    ['a choice of targets', 'dep', withDep({ exports: { import: ['./no.js', './lib/main.js'] } })],
    [
      'a choice before the target',
      'dep',
      withDep({ exports: { import: ['no', './lib/main.js'], default: './lib/main.js' } }),
    ],
    ['a pattern', 'dep/main', withDep({ exports: { './*': './lib/*.js' } })],
    ['a main file without its ending', 'dep', withDep({ main: './lib/main' })],
    ['a package that names no file', 'dep', withDep({}, { 'node_modules/dep/index.js': '' })],
    ['a package that is not there', 'gone', SOURCES],
    ['an import of the own package', '#own', withDep({}, { 'package.json': '{"imports":{"#own":"./src/own.js"}}' })],
    ['the own package', 'dep', withDep(MAIN, { 'package.json': '{"name":"dep"}' })],
    ['a tsconfig with aliases', 'dep', withDep(MAIN, { 'tsconfig.json': '{"compilerOptions":{"paths":{}}}' })],
    ['a tsconfig above', 'dep', withDep(MAIN, { 'src/tsconfig.json': '{}', 'tsconfig.json': '{"extends":"./b"}' })],
    [
      'a tsconfig that extends one with aliases',
      'dep',
      withDep(MAIN, {
        'tsconfig.json': '{"extends":"./base.json"}',
        'base.json': '{"compilerOptions":{"baseUrl":"."}}',
      }),
    ],
    [
      'a tsconfig that refers to one with aliases by way of another',
      'dep',
      withDep(MAIN, {
        'tsconfig.json': '{"references":[{"path":"one"}]}',
        'one/tsconfig.json': '{"references":[{"path":"../two"},{"path":".."}]}',
        'two/tsconfig.json': '{"compilerOptions":{"paths":{}},"references":[{"path":"../one"}]}',
      }),
    ],
    ['a tsconfig that extends a package', 'dep', withDep(MAIN, { 'tsconfig.json': '{"extends":"dep/base.json"}' })],
    [
      'a name that a nearer file has',
      'dep',
      withDep(MAIN, { 'src/node_modules/dep.ts': '', 'src/deep/node_modules/x/a.js': '' }),
    ],
  ])('%s', (_what, specifier, files) => {
    expect(isExplained(ask(temporaryProject(files), specifier))).toBe(false);
  });

  test('any package under a tsconfig that is given', () => {
    const made = temporaryProject(withDep(MAIN, { 'other.json': '{}' }));
    expect(isExplained(ask(made, 'dep', made.path('other.json')))).toBe(false);
  });
});

/** Texts that files may have, `null` where there is none. */
const VARIANTS: Readonly<Record<string, readonly (string | null)[]>> = {
  'package.json': ['{"name":"p"}', '{"name":"dep","exports":"./src/own.js"}', '{"name":"p","version":"2.0.0"}', null],
  'tsconfig.json': [
    null,
    '{}',
    '{"compilerOptions":{"paths":{"dep":["./src/own.js"]}}}',
    '{"extends":"./more.json"}',
    '{"files":[],"references":[{"path":"src"}]}',
    '{"files":[],"references":[{"path":"./more.json"}]}',
  ],
  'more.json': [
    null,
    '{}',
    '{"compilerOptions":{"paths":{"dep":["./src/own.js"]}}}',
    '{"extends":"./src/tsconfig.json"}',
  ],
  'src/tsconfig.json': [
    null,
    '{"compilerOptions":{"paths":{"dep":["./own.js"]}}}',
    '{"include":["none"]}',
    '{"extends":"../more.json"}',
    '{"files":[],"references":[{"path":"../more.json"}]}',
  ],
  'src/package.json': [null, '{"name":"inner"}', '{"name":"dep","exports":"./own.js"}'],
  'src/own.js': ['', null],
  'src/node_modules/dep.js': [null, ''],
  'src/node_modules/dep.ts': [null, ''],
  'src/node_modules/dep/package.json': [null, '{"main":"./index.js"}'],
  'src/node_modules/dep/index.js': [null, ''],
  'src/node_modules/other/index.js': [null, ''],
  'node_modules/dep/package.json': [
    '{"main":"./lib/main.js"}',
    '{"exports":{"import":"./lib/main.js"}}',
    '{"exports":{"import":["./lib/none.js","./lib/main.js"],"default":"./lib/main.js"}}',
    '{"exports":"./lib/other.js"}',
    '{"main":"lib"}',
    '{"main":"./lib/main.js","description":"more"}',
    null,
  ],
  'node_modules/dep/lib/main.js': ['', '// longer', null],
  'node_modules/dep/lib/main.ts': [null, ''],
  'node_modules/dep/lib/none.js': [null, ''],
  'node_modules/dep/lib/other.js': ['', null],
};

const choice = fc
  .constantFrom(...Object.keys(VARIANTS))
  .chain((name) => fc.record({ name: fc.constant(name), text: fc.constantFrom(...(VARIANTS[name] ?? [])) }));

function put(made: TemporaryProject, { name, text }: { readonly name: string; readonly text: string | null }): void {
  if (text === null) rmSync(made.path(name), { force: true });
  else made.write({ [name]: text });
}

test('whatever is edited: where the disk is taken for the same, the resolver finds the same', () => {
  const counts = { same: 0, other: 0 };
  const made = temporaryProject({});
  fc.assert(
    fc.property(
      fc.array(choice, { maxLength: 4 }),
      fc.array(choice, { minLength: 1, maxLength: 3 }),
      (before, edits) => {
        Reflect.deleteProperty(globalThis, REGISTRY);
        rmSync(made.path('src'), { recursive: true, force: true });
        made.write({ 'src/deep/ops.ts': '' });
        for (const [name, [text = null]] of Object.entries(VARIANTS)) put(made, { name, text });
        for (const edit of before) put(made, edit);
        const asked = ask(made, 'dep');
        for (const edit of edits) put(made, edit);
        // The resolver is not asked by that.
        const seen = { ...asked.seen, resolutions: [] };
        const isSame = filesAgain(seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed.length === 0;
        if (!isExplained(asked)) return;
        counts[isSame ? 'same' : 'other'] += 1;
        const again = new PackageResolution(CONDITIONS, undefined).find(questionOf(made, 'dep'));
        if (isSame) expect(again).toEqual(asked.found);
      },
    ),
    { numRuns: process.env.MEMO_TEST_FULL === '1' ? 1_000 : 100 },
  );
  expect(Math.min(counts.same, counts.other)).toBeGreaterThan(0);
});
