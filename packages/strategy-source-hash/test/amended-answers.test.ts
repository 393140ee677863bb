import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { amendedAnswers } from '../src/amended-answers.ts';
import type { RememberedAnswers } from '../src/answer-cache.ts';
import { AnswerDetails } from '../src/answer-details.ts';
import { FileAge } from '../src/file-age.ts';
import { shapeOf } from '../src/file-shape.ts';
import { keptSlices } from '../src/keep-program.ts';
import { Questions } from '../src/questions.ts';
import { rememberedFiles, rememberedSources } from '../src/remembered-files.ts';
import { filesAgain } from '../src/same-disk.ts';
import { digestOfSlice, type SliceAnswer } from '../src/slice/slice-reader.ts';
import { sourceFacts } from '../src/source-facts.ts';
import { storedSightings } from '../src/stored-sightings.ts';
import { HARD_EDITS } from './cases/hard-edits.ts';
import { reinstalled, withOtherDependencies } from './fuzz/installed-programs.ts';
import { mutate } from './fuzz/mutation.ts';
import { ProjectOnDisk } from './fuzz/project-on-disk.ts';
import { type Program, ProgramWriter } from './fuzz/random-program.ts';
import { SeededRandom } from './fuzz/seeded-random.ts';
import { archiveIn, type LayerBytes, layersOf } from './support/archive-bytes.ts';
import { laterAge as age, freshReader, LATER } from './support/fresh-reader.ts';
import { CONDITIONS } from './support/hashing.ts';

const PROGRAMS = process.env.MEMO_TEST_FULL === '1' ? 400 : 8;

const project = new ProjectOnDisk();
afterAll(() => project.remove());

interface Look {
  readonly digest: string;
  readonly notes: string;
  readonly remembered: RememberedAnswers | undefined;
  readonly archive: LayerBytes | undefined;
}

/** The slice of `main` as the project is now, and what a process remembers of it. */
function look(): Look | undefined {
  const reader = freshReader();
  const answer = reader.slices.ofExport(`${project.root}/src/ops.ts`, 'main');
  if (answer === undefined) return undefined;
  reader.graph.noteLeads();
  const archived = answer.slice.skeleton && keptSlices([answer.slice], reader.slices);
  const seen = storedSightings(reader.sightings);
  const sources = rememberedSources(reader.graph.known(), new Set(), false);
  const details = AnswerDetails.of({
    keys: ['main'],
    files: seen.directories.map((one) => rememberedFiles(one, reader.sightings, (path) => sources.get(path))),
    slices: archived && { base: archived.archive.digest, contents: archived.contents },
  });
  const remembered: RememberedAnswers = {
    asker: '',
    question: 'main',
    seen,
    answers: [answer.digest],
    shared: [],
    details: () => details,
  };
  return {
    digest: answer.digest,
    notes: notesOf(answer),
    remembered,
    archive: archived && layersOf({ base: archived.archive }),
  };
}

function notesOf({ findings }: SliceAnswer): string {
  return JSON.stringify(findings.map(({ kind, message, place }) => [kind, message, place]));
}

/** The digest of `main` after an edit, told from what was remembered; `undefined` where it cannot be. */
function amended({ remembered, archive }: Look, now: FileAge = age): string | undefined {
  const changed =
    remembered && filesAgain(remembered.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed;
  if (remembered === undefined || changed === undefined) return undefined;
  const answers = amendedAnswers(remembered, changed, {
    facts: undefined,
    age: now,
    archive: archiveIn(archive),
    questions: new Questions('code', [], []),
    define: () => undefined,
    amend: (_stored, slice) => digestOfSlice(slice, []),
  });
  return answers?.answers[0] as string | undefined;
}

/** Edits a program, and holds what is told of the edit against a look at all of it. */
function tell(before: Program, after: Program): 'told' | 'untold' {
  project.become(before);
  const first = look();
  if (first === undefined) return 'untold';
  expect(amended(first)).toBe(first.digest);
  project.become(after);
  const told = amended(first);
  if (told === undefined) return 'untold';
  const now = look();
  expect({ digest: told, notes: first.notes }).toEqual({ digest: now?.digest, notes: now?.notes });
  return 'told';
}

describe('an edit that is told from what was remembered gives what a look at everything does', () => {
  test('for random edits of random programs', () => {
    const counts = { told: 0, untold: 0 };
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const random = new SeededRandom(seed);
      const program = new ProgramWriter(random).write();
      for (let edit = 0; edit < 8; edit += 1) {
        const after = mutate(program, random);
        if (after !== undefined) counts[tell(program, after)] += 1;
      }
    }
    expect(Math.min(counts.told, counts.untold)).toBeGreaterThan(PROGRAMS / 2);
  });

  test('for edits of every kind', () => {
    const told = HARD_EDITS.filter(({ files, edit }) => {
      const before = { 'package.json': '{"name":"p","type":"module"}', ...files };
      const edits = Object.entries(edit).map(([file, [from, to]]) => [
        file,
        (files[file] ?? '').replace(from, () => to),
      ]);
      return tell(before, { ...before, ...(Object.fromEntries(edits) as Program) }) === 'told';
    });
    expect(told.length).toBeGreaterThan(0);
  });

  test('but none that changes how a unit is spelled where the spelling is asked for', () => {
    const shape = (text: string): string => shapeOf(sourceFacts('file.ts', Buffer.from(text)), false);
    expect(shape('export class A { get x() { return this; } }')).not.toBe(shape('export class A { get x() {} }'));
  });

  test('and most edits are told: a function, a constant, a comment', () => {
    const files = {
      'package.json': '{"name":"p","type":"module"}',
      'src/ops.ts': `import { op } from '@memo/core';\nimport { f } from './f.ts';\nexport const main = op('main', async (x: number) => f(x));\n`,
      'src/f.ts': `import { g } from './g.ts';\nexport const f = (x: number) => g(x) + 1;\n`,
      'src/g.ts': `import { f } from './f.ts';\nconst LIMIT = 10;\nexport const g = (x: number): number => (x < LIMIT ? f(x + 1) : x);\n`,
    };
    const edits: readonly Program[] = [
      { 'src/f.ts': files['src/f.ts'].replace('+ 1', '* 2') },
      { 'src/g.ts': files['src/g.ts'].replace('10', '12_000') },
      { 'src/g.ts': `// What g does.\n\n${files['src/g.ts']}` },
      { 'src/f.ts': files['src/f.ts'].replace('+ 1', '- 1'), 'src/g.ts': files['src/g.ts'].replace('x + 1', 'x + 2') },
    ];
    expect(edits.map((edit) => tell(files, { ...files, ...edit }))).toEqual(edits.map(() => 'told'));
    const others: readonly Program[] = [
      { 'src/f.ts': files['src/f.ts'].replace('g(x)', 'x') },
      { 'src/g.ts': `${files['src/g.ts']}export const more = 1;\n` },
      { 'package.json': '{"name":"p","type":"commonjs"}' },
    ];
    expect(others.map((edit) => tell(files, { ...files, ...edit }))).toEqual(others.map(() => 'untold'));
  });

  test('for packages that come and go, are imported or not', () => {
    const counts = { told: 0, untold: 0 };
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const random = new SeededRandom(seed);
      let program = new ProgramWriter(random).write();
      for (let edit = 0; edit < 8; edit += 1) {
        const after = random.chance(0.2) ? reinstalled(program, random) : withOtherDependencies(program, random);
        counts[tell(program, after)] += 1;
        program = after;
      }
    }

    expect(Math.min(counts.told, counts.untold)).toBeGreaterThan(0);
  });

  test('of a package.json or a lockfile is told where what counts of it is the same', () => {
    const lock = (dep: string, other: string, more = ''): string =>
      `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      dep:\n        specifier: ^1.0.0\n        version: ${dep}\n      other:\n        specifier: ^1.0.0\n        version: ${other}\npackages:\n  dep@${dep}:\n    resolution: {integrity: sha512-a}\n  other@${other}:\n    resolution: {integrity: sha512-b}\nsnapshots:\n  dep@${dep}: {}\n  other@${other}: {}\n${more}`;
    const manifest = (scripts: string, type: string, packages = '"dep":"^1.0.0","other":"^1.0.0"'): string =>
      `{"name":"p","type":"${type}","scripts":{"t":"${scripts}"},"dependencies":{${packages}}}`;
    const more = '"dep":"^1.0.0","other":"^2.0.0","more":"*"';
    const files = {
      'package.json': manifest('a', 'module'),
      'pnpm-lock.yaml': lock('1.0.0', '1.0.0'),
      'node_modules/.pnpm/lock.yaml': lock('1.0.0', '1.0.0'),
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
      'node_modules/dep/index.js': 'exports.dep = 1;\n',
      'src/ops.ts': `import { op } from '@memo/core';\nimport { dep } from 'dep';\nexport const main = op('main', async () => dep);\n`,
    };
    const kinds = [
      { 'package.json': manifest('b', 'module') },
      { 'pnpm-lock.yaml': lock('1.0.0', '1.0.1') },
      { 'pnpm-lock.yaml': lock('1.0.0', '1.0.1'), 'node_modules/.pnpm/lock.yaml': lock('1.0.0', '1.0.1') },
      { 'package.json': manifest('a', 'module', more) },
      { 'package.json': manifest('a', 'module', '"dep":"^1.0.0"') },
      {
        'package.json': manifest('a', 'module', more),
        'pnpm-lock.yaml': lock('1.0.0', '2.0.0'),
        'node_modules/.pnpm/lock.yaml': lock('1.0.0', '2.0.0'),
        'node_modules/more/package.json': '{"name":"more","version":"1.0.0"}',
      },
      { 'package.json': manifest('a', 'module', '"dep":"^1.1.0","other":"^1.0.0"') },
      { 'package.json': manifest('a', 'module', '"dep":"","other":"^1.0.0"') },
      { 'package.json': manifest('a', 'module', '"other":"^1.0.0"') },
      { 'package.json': manifest('b', 'commonjs') },
      { 'pnpm-lock.yaml': lock('1.0.1', '1.0.0') },
      { 'pnpm-lock.yaml': 'unreadable: [' },
      { 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.1"}' },
    ].map((edit) => tell(files, { ...files, ...edit }));
    const untold = Array.from({ length: 7 }, () => 'untold');
    expect(kinds).toEqual([...Array.from({ length: 6 }, () => 'told'), ...untold]);
  });

  describe('of a JSON file', () => {
    const uses = (more = ''): Program => ({
      'package.json': '{"name":"p","type":"module"}',
      'data.json': '{"a":1,"b":[2,3],"c":{"d":4},"e":1}',
      'other.json': '{"a":1}',
      'src/ops.ts': `import { op } from '@memo/core';\nimport data from '../data.json' with { type: 'json' };\nimport * as other from '../other.json' with { type: 'json' };\n${more}export const main = op('main', async () => [data.a, data.b, other]);\n`,
    });
    const edits = (program: Program, values: readonly string[]) =>
      values.map((value) => tell(program, { ...program, 'data.json': value }));

    test('is told: of a value that is read, of another one, of the layout, of one that comes or goes', () => {
      const values = [
        '{"a":7,"b":[2,3],"c":{"d":4},"e":1}',
        '{"a":1,"b":[2,3],"c":5,"e":1}',
        '{ "a": 1.0, "b": [2, 3], "c": {"d": 4}, "e": 1 }',
        '{"b":[2,3],"f":1}',
        'null',
      ];
      // Nothing of null is read in vain: both members are undefined, and one part.
      expect(edits(uses(), values)).toEqual(['told', 'told', 'told', 'told', 'untold']);
      expect(tell(uses(), { ...uses(), 'other.json': '{"a":2}' })).toBe('told');
    });

    test('is left to a look at everything where values that are read become equal, or no values', () => {
      expect(edits(uses(), ['{"a":7,"b":7}', '{"a":1'])).toEqual(['untold', 'untold']);
      const both = uses('const e = data.e;\n');
      const read = { ...both, 'src/ops.ts': (both['src/ops.ts'] ?? '').replace('[data.a', '[e, data.a') };
      expect(edits(read, ['{"a":1,"b":[2,3],"e":2}'])).toEqual(['untold']);
    });

    test('whichever values are equal, and whatever else is done with them', () => {
      const random = new SeededRandom(7);
      const value = (): string => random.pick([`${random.below(20)}`, `{"d":${random.below(20)}}`]);
      const data = (): string => `{"a":${value()},"b":${value()},"c":${value()},"e":${value()}}`;
      const kinds = Array.from({ length: 24 }, () => {
        const effects = `const kept = [data.e];\nkept.push(data.c);\nObject.assign(${random.pick(['data.c', 'data.a', 'kept', 'data'])}, { more: data.e });\n`;
        return tell({ ...uses(effects), 'data.json': data() }, { ...uses(effects), 'data.json': data() });
      });
      expect(new Set(kinds)).toEqual(new Set(['told', 'untold']));
    });

    test('is left to a look at everything where its bytes count, too', () => {
      const place = uses(`export const place = new URL('../data.json', import.meta.url);\n`);
      const read = { ...place, 'src/ops.ts': (place['src/ops.ts'] ?? '').replace('[data.a', '[place, data.a') };
      expect(edits(read, ['{"a":7,"b":[2,3]}', '{ "a":1,"b":[2,3],"c":{"d":4},"e":1}'])).toEqual(['untold', 'untold']);
      const own = uses();
      const named = { ...own, 'src/ops.ts': (own['src/ops.ts'] ?? '').replace('../data.json', '../package.json') };
      expect(tell(named, { ...named, 'package.json': '{"name":"q","type":"module"}' })).toBe('untold');
    });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test('an archive that is damaged tells nothing', () => {
  project.become({
    'src/ops.ts': `${readFileSync(new URL('./fixtures/program/plain.ts', import.meta.url), 'utf8')}export const main = 1;\n`,
  });
  const first = look();
  if (first?.archive === undefined) throw new Error('there is no archive');
  project.become({ 'src/ops.ts': project.read('src/ops.ts').replace('main = 1', 'main = 2') });
  expect(amended(first)).toBe(look()?.digest);
  project.become({ 'src/ops.ts': project.read('src/ops.ts').replace('main = 2', 'main = 3') });
  const { base } = first.archive;
  // The last byte is one of a skeleton, which is read by itself.
  const damaged = [Buffer.alloc(0), Buffer.alloc(9), base.subarray(0, 40), base.subarray(0, -1), flipped(base, 40)];
  for (const bytes of [...damaged, flipped(base, base.length - 1)]) {
    expect(amended({ ...first, archive: { base: bytes } })).toBeUndefined();
  }
  expect(amended({ ...first, archive: undefined })).toBeUndefined();
});

test('an edit that comes after files were looked at, and before they are read, tells nothing', () => {
  const files = { 'data.json': '{"a":1}', 'src/ops.ts': `import { a } from '../data.json';\nexport const main = a;\n` };
  project.become(files);
  const first = look();
  project.become({ ...files, 'data.json': '{"a":2}' });
  expect(first && amended(first)).toBe(look()?.digest);
  const before = new FileAge({ now: () => LATER, loadingBegan: () => 0 });
  expect(first && amended(first, before)).toBeUndefined();
});
