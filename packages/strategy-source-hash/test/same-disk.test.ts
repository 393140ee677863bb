import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ClosureReader } from '../src/closure.ts';
import { FileAge } from '../src/file-age.ts';
import { filesBelow } from '../src/files-below.ts';
import { LoadedFiles } from '../src/loaded-files.ts';
import { filesAgain } from '../src/same-disk.ts';
import { Sightings } from '../src/sightings.ts';
import { FilesOnDisk } from '../src/source-files.ts';
import { type StoredSightings, sightingsFrom, storedSightings } from '../src/stored-sightings.ts';
import { CONDITIONS } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');
beforeEach(() => {
  Reflect.deleteProperty(globalThis, REGISTRY);
});

const TICKS = realpathSync(mkdtempSync(join(tmpdir(), 'ticks-')));
afterAll(() => rmSync(TICKS, { recursive: true, force: true }));

/** Passes the time that one stamp of the file system lasts, so that what is done next has another. */
function passTick(): void {
  const stamp = (name: string): number => {
    writeFileSync(join(TICKS, name), '');
    return statSync(join(TICKS, name)).ctimeMs;
  };
  const before = stamp('before');
  while (stamp('after') === before);
}

/** For processes that begin long after everything that a test writes. */
const LATER = Date.now() + 3_600_000;
const settled = new FileAge({ now: () => LATER, loadingBegan: () => LATER });
/** For such that looked at files in the moment in which these were written. */
const racy = new FileAge({ now: () => 0, loadingBegan: () => LATER });

const FILES: FileTexts = {
  'package.json': '{"name":"p","type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es2022","paths":{"@app/*":["./src/*"]}}}',
  'pnpm-lock.yaml': `lockfileVersion: '9.0'\n`,
  'src/ops.ts': `import { part } from './part';\nimport { dep } from 'dep';\nimport { alias } from '@app/alias.ts';\nimport { deep } from './linked/deep.ts';\nimport data from './data.json' with { type: 'json' };\nexport const all = [part, dep, alias, deep, data, new URL('./assets', import.meta.url)];\n`,
  'src/part/index.ts': 'export const part = 1;\n',
  'src/alias.ts': 'export const alias = 1;\n',
  'src/data.json': '{"a":1}',
  'src/assets/note.txt': 'a note',
  'one/deep.ts': 'export const deep = 1;\n',
  'two/deep.ts': 'export const deep = 1;\n',
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"lib/main"}',
  'node_modules/dep/lib/main.js': '',
};

function project(): TemporaryProject {
  const made = temporaryProject(FILES);
  made.link('one', 'src/linked');
  return made;
}

/** The answer to a question, and what was seen for it. */
function look(
  made: TemporaryProject,
  age: FileAge,
): { readonly digest: string | undefined; readonly seen: StoredSightings } {
  const sightings = new Sightings(age);
  const files = new LoadedFiles(age, sightings);
  const options = { files, conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };
  const digest = new ClosureReader(options, sightings).of(made.path('src/ops.ts'))?.digest;
  const seen = sightingsFrom(JSON.parse(JSON.stringify(storedSightings(sightings))));
  if (seen === undefined) throw new Error('the sightings are not those that were stored');
  return { digest, seen };
}

const isSame = (seen: StoredSightings, age: FileAge = settled): boolean =>
  filesAgain(seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed.length === 0;

type Edit = (made: TemporaryProject) => void;

const rewrite =
  (file: string, text: string): Edit =>
  (made) =>
    made.write({ [file]: text });

const TOLD: Readonly<Record<string, Edit>> = {
  'a source file with another text': rewrite('src/part/index.ts', 'export const part = 22;\n'),
  'a source file of the same size': rewrite('src/part/index.ts', 'export const part = 2;\n'),
  'a source file of the same size, with its time set back': (made) => {
    const { atime, mtime } = statSync(made.path('src/alias.ts'));
    made.write({ 'src/alias.ts': 'export const alias = 2;\n' });
    utimesSync(made.path('src/alias.ts'), atime, mtime);
  },
  'a file that was renamed over another': (made) => {
    made.write({ 'src/alias.new': 'export const alias = 3;\n' });
    renameSync(made.path('src/alias.new'), made.path('src/alias.ts'));
  },
  'a file before a directory of its name': rewrite('src/part.ts', 'export const part = 2;\n'),
  'a file of another kind beside it': rewrite('src/part/index.js', ''),
  'a package that is nearer': (made) => {
    made.write({
      'src/node_modules/dep/package.json': '{"name":"dep","version":"2.0.0"}',
      'src/node_modules/dep/index.js': '',
    });
  },
  'another version of a package': rewrite('node_modules/dep/package.json', '{"name":"dep","version":"1.0.1"}'),
  'a file where a package has its main one': rewrite('node_modules/dep/lib/main', ''),
  'a tsconfig with other options': rewrite('tsconfig.json', '{"compilerOptions":{"target":"es2020"}}'),
  'a tsconfig that is nearer': rewrite('src/tsconfig.json', '{}'),
  'a package.json that is nearer': rewrite('src/package.json', '{"type":"commonjs"}'),
  'a lockfile': rewrite('pnpm-lock.yaml', `lockfileVersion: '9.0'\npackages: {}\n`),
  'a lockfile that is gone': (made) => made.write({ 'pnpm-lock.yaml': null }),
  'a link to another directory': (made) => {
    unlinkSync(made.path('src/linked'));
    symlinkSync(made.path('two'), made.path('src/linked'));
  },
  'a directory in place of a link': (made) => {
    unlinkSync(made.path('src/linked'));
    made.write({ 'src/linked/deep.ts': 'export const deep = 1;\n' });
  },
  'a link in place of a directory': (made) => {
    renameSync(made.path('src'), made.path('elsewhere'));
    symlinkSync(made.path('elsewhere'), made.path('src'));
  },
  'another directory of the same content': (made) => {
    renameSync(made.path('src/part'), made.path('gone'));
    made.write({ 'src/part/index.ts': 'export const part = 1;\n' });
  },
  'a file more in a directory whose place is asked for': rewrite('src/assets/more.txt', ''),
  'a file that is gone': (made) => made.write({ 'src/data.json': null }),
};

describe.each([
  ['a while ago', settled],
  ['just now', racy],
])('of files that were written %s, it is told', (_when, age) => {
  test.each(Object.entries(TOLD))('%s', (_name, edit) => {
    const made = project();
    const { seen } = look(made, age);
    expect(isSame(seen)).toBe(true);
    passTick();
    edit(made);
    expect(isSame(seen)).toBe(false);
  });
});

test('of edited source files it is told which they are, and of nothing else', () => {
  const made = project();
  const { seen } = look(made, settled);
  passTick();
  made.write({ 'src/alias.ts': 'export const alias = 22;\n', 'src/other.ts': '' });
  const changed = (): readonly string[] | undefined =>
    filesAgain(seen, { conditions: CONDITIONS, tsconfig: undefined, age: settled })?.changed;
  expect(changed()).toEqual([made.path('src/alias.ts')]);
  made.write({ 'src/part.ts': '' });
  expect(changed()).toBeUndefined();
});

test.each<[string, Edit]>([
  ['a file that nobody looked for', rewrite('src/other.ts', '')],
  ['a new directory', (made) => mkdirSync(made.path('more'))],
  ['a file that was deleted and never read', (made) => made.write({ 'two/deep.ts': null })],
])('%s makes no difference', (_name, edit) => {
  const made = project();
  const { seen } = look(made, settled);
  passTick();
  edit(made);
  expect(isSame(seen)).toBe(true);
});

test('a file that was written in the moment in which it was read is told by its content, whatever its look', () => {
  const made = project();
  const { seen } = look(made, racy);
  made.write({ 'src/alias.ts': 'export const alias = 2;\n' });
  expect(isSame(withLook(seen, 'alias.ts', look(made, racy).seen))).toBe(false);
  made.write({ 'src/alias.ts': readFileSync(made.path('src/alias.ts'), 'utf8').replace('2', '1') });
  expect(isSame(withLook(seen, 'alias.ts', look(made, racy).seen))).toBe(true);
});

/** What was seen, with the look that a file had another time. */
function withLook(seen: StoredSightings, name: string, other: StoredSightings): StoredSightings {
  const directories = seen.directories.map((directory, index) => {
    const [at, again] = [directory, other.directories[index]].map((one) => one?.names.indexOf(name) ?? -1);
    const look = other.directories[index]?.looks.slice(4 * (again ?? 0), 4 * (again ?? 0) + 4) ?? [];
    return at === undefined || at < 0
      ? directory
      : { ...directory, looks: directory.looks.map((number, place) => look[place - 4 * at] ?? number) };
  });
  return { ...seen, directories };
}

test('a file that is newer than the process is not what it loaded, although it is the one that was seen', () => {
  const made = project();
  const { seen } = look(made, settled);
  const began = statSync(made.path('src/alias.ts')).ctimeMs - 1;
  expect(isSame(seen, new FileAge({ now: () => LATER, loadingBegan: () => began }))).toBe(false);
});

describe('answers are never older than the disk', () => {
  const name = fc.constantFrom(
    ...Object.keys(FILES),
    'src/part.ts',
    'src/part/index.js',
    'src/package.json',
    'src/x.ts',
  );
  const unseen = fc.constantFrom('src/x.ts', 'src/y.md', 'two/deep.ts', 'three/deep.ts');
  const edit = fc.record({ name: fc.oneof(name, unseen), how: fc.constantFrom('write', 'delete', 'replace', 'touch') });

  test('whatever is edited: where the disk is taken for the same, a new look finds the same', () => {
    let number = 0;
    const counts = { same: 0, other: 0 };
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), (edits, isRacy) => {
        Reflect.deleteProperty(globalThis, REGISTRY);
        const made = project();
        const age = isRacy ? racy : settled;
        const { digest, seen } = look(made, age);
        passTick();
        for (const one of edits) {
          number += 1;
          applyEdit(made, one, `export const part = ${number};\n`);
        }
        const same = isSame(seen);
        counts[same ? 'same' : 'other'] += 1;
        Reflect.deleteProperty(globalThis, REGISTRY);
        if (same) expect(look(made, age).digest).toBe(digest);
      }),
      { numRuns: process.env.MEMO_TEST_FULL === '1' ? 600 : 60 },
    );
    expect(Math.min(counts.same, counts.other)).toBeGreaterThan(0);
  });
});

function applyEdit(
  made: TemporaryProject,
  { name, how }: { readonly name: string; readonly how: string },
  text: string,
): void {
  const path = made.path(name);
  const exists = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (how === 'write' || !exists) made.write({ [name]: text });
  else if (how === 'delete') unlinkSync(path);
  else if (how === 'replace') {
    made.write({ [`${name}.new`]: readFileSync(path, 'utf8') });
    renameSync(`${path}.new`, path);
  } else writeFileSync(path, readFileSync(path));
}

test('no look at the disk that decides an answer goes unnoted: only these files look', () => {
  const source = fileURLToPath(new URL('../src/', import.meta.url));
  const looking = filesBelow(source, new FilesOnDisk()).filter((path) =>
    /from '(?:node:fs|oxc-resolver)'/.test(readFileSync(path, 'utf8')),
  );
  const caches = ['answer-cache.ts', 'asker.ts', 'dependency-version.ts', 'facts-cache.ts'];
  const doors = [
    'file-age.ts',
    'loaded-files.ts',
    'package-resolution.ts',
    'same-disk.ts',
    'sightings.ts',
    'source-files.ts',
  ];
  // What these find is noted by `noteDefinition`, or asked again each time.
  const definitions = ['bundle-marks.ts', 'bundled-versions.ts', 'definition-file.ts', 'package-json.ts'];
  expect(looking.map((path) => basename(path)).sort()).toEqual([...caches, ...doors, ...definitions].sort());
});

/** A link may have been stored so. */
function isPairOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string');
}

describe('stored sightings', () => {
  test('are none when anything is in them that was not stored', () => {
    const { seen } = look(project(), settled);
    const parts = fc.constantFrom('directories', 'links', 'resolutions');
    fc.assert(
      fc.property(parts, fc.jsonValue(), (part, value) => {
        const broken = { ...seen, [part]: value };
        if (part !== 'directories' && Array.isArray(value) && value.every(isPairOfTexts)) return;
        expect(sightingsFrom(broken)).toBeUndefined();
      }),
    );
  });
});
