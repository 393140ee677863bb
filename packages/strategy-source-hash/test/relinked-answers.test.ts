import { afterAll, describe, expect, test } from 'vitest';
import { amendedAnswers } from '../src/amended-answers.ts';
import type { RememberedAnswers } from '../src/answer-cache.ts';
import { AnswerDetails } from '../src/answer-details.ts';
import type { ClosureReader } from '../src/closure.ts';
import { FileGone } from '../src/file-gone.ts';
import type { GraphNode } from '../src/graph-node.ts';
import { keptSlices } from '../src/keep-program.ts';
import { keptReader } from '../src/kept-reader.ts';
import { Questions } from '../src/questions.ts';
import { type Asking, type Relinked, relinkedAnswers } from '../src/relinked-answers.ts';
import { rememberedFiles, rememberedSources } from '../src/remembered-files.ts';
import { filesAgain } from '../src/same-disk.ts';
import { PlacedUnit } from '../src/slice/placed-unit.ts';
import { digestOfSlice, type SliceAnswer } from '../src/slice/slice-reader.ts';
import type { StoredDefinition } from '../src/stored-definition.ts';
import { storedSightings } from '../src/stored-sightings.ts';
import { COMMON, GONE, type LinkedEdit, LOUD_EDITS, STILL_EDITS } from './cases/linked-edits.ts';
import { editFiles } from './fuzz/file-edits.ts';
import { fileOf, ModuleProgram, OPS } from './fuzz/module-program.ts';
import { mutate } from './fuzz/mutation.ts';
import { ProjectOnDisk } from './fuzz/project-on-disk.ts';
import { type Program, ProgramWriter } from './fuzz/random-program.ts';
import { SeededRandom } from './fuzz/seeded-random.ts';
import { archiveIn, type LayerBytes, layersOf } from './support/archive-bytes.ts';
import { laterAge as age, forgetLoaded, freshReader } from './support/fresh-reader.ts';
import { CONDITIONS } from './support/hashing.ts';

const PROGRAMS = process.env.MEMO_TEST_FULL === '1' ? 300 : 6;

/** Fewer, and in another order. */
const OTHER_OPS = [['main', 'other'], ['third', 'main'], ['third'], ['other', 'third', 'main']];

const project = new ProjectOnDisk();
afterAll(() => project.remove());

interface Look {
  readonly answers: readonly unknown[];
  /** What manifests are made of: symbols and the ways to them, packages, assets, variables, and what there is to say. */
  readonly described: readonly unknown[];
  readonly remembered: RememberedAnswers;
  readonly archive: LayerBytes;
}

/** What there is to say of some ops as the project is now, found by a look at all of it, and what a process remembers of that. */
function look(names: readonly string[]): Look | undefined {
  const reader = freshReader();
  for (const name of names) reader.slices.load(pathOf(name));
  const found = names.map((name) => reader.slices.ofExport(pathOf(name), name));
  const whole = found.filter((answer) => answer !== undefined);
  if (whole.length < names.length) return undefined;
  reader.graph.noteLeads();
  const { archive, contents } = keptSlices(
    whole.map(({ slice }) => slice),
    reader.slices,
  );
  const answers = whole.map(storedAnswer);
  const seen = storedSightings(reader.sightings);
  const sources = rememberedSources(reader.graph.known(), new Set(), false);
  const details = AnswerDetails.of({
    keys: [...names],
    definitions: names.map(definitionOf),
    files: seen.directories.map((one) => rememberedFiles(one, reader.sightings, (path) => sources.get(path))),
    slices: { base: archive.digest, contents },
  });
  return {
    answers,
    described: whole.map((answer) => answer.describe(project.root)),
    archive: layersOf({ base: archive }),
    remembered: readAgain({ asker: '', question: '', seen, answers, shared: [], details: () => details }),
  };
}

function pathOf(name: string): string {
  return `${project.root}/${fileOf(name)}`;
}

function definitionOf(name: string): StoredDefinition {
  return { about: '', functions: '', calls: [[pathOf(name), '', '']] };
}

function storedAnswer({ digest, findings }: SliceAnswer): unknown {
  return [digest, findings.map(({ kind, message, place }) => [kind, message, place])];
}

/** The same as the next process reads them. */
function readAgain(answers: RememberedAnswers): RememberedAnswers {
  const details = AnswerDetails.from(Buffer.concat(answers.details()?.written() ?? []));
  const { seen, ...rest } = answers;
  return { ...rest, seen: JSON.parse(JSON.stringify(seen)), details: () => details };
}

/** How an edit is told: from what was remembered, by linking again what was edited, or not at all. */
function tell(
  { remembered, archive }: Pick<Look, 'remembered' | 'archive'>,
  names: readonly string[],
): Relinked | undefined {
  forgetLoaded();
  const changed = filesAgain(remembered.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed;
  return changed && relink({ remembered, archive }, changed, names);
}

function relink(
  { remembered, archive }: Pick<Look, 'remembered' | 'archive'>,
  changed: readonly string[],
  names: readonly string[],
): Relinked | undefined {
  const common = { facts: undefined, age, archive: archiveIn(archive), questions: questionsOf(names) };
  return relinkedAnswers(remembered, changed, {
    ...common,
    around: AROUND,
    isAnew: false,
    asking: () => askingAgain(names),
  });
}

const AROUND = { conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };

/** The same as {@link Look.described}, by what was remembered. */
function describedAgain(
  { remembered, archive }: Pick<Look, 'remembered' | 'archive'>,
  names: readonly string[],
): readonly unknown[] {
  forgetLoaded();
  const reader = keptReader(remembered, { archive: archiveIn(archive), around: AROUND, facts: undefined, age });
  return names.map((name) => reader?.slices.ofExport(pathOf(name), name)?.describe(project.root));
}

function questionsOf(names: readonly string[]): Questions {
  const questions = new Questions('code', [], []);
  Object.defineProperties(questions, { keys: { value: names }, digest: { value: names.join() } });
  return questions;
}

function askingAgain(names: readonly string[]): Asking {
  return {
    answer(at: number, reader: ClosureReader) {
      const answer = reader.slices.ofExport(pathOf(names[at] ?? ''), names[at] ?? '');
      return answer && { stored: storedAnswer(answer), slice: answer.slice };
    },
    amend: (stored, slice) => {
      const [, notes] = stored as [string, readonly unknown[]];
      return notes.length > 0 ? undefined : [digestOfSlice(slice, []), []];
    },
    definition: (at) => definitionOf(names[at] ?? ''),
    files: (at) => [pathOf(names[at] ?? '')],
  };
}

/** After an edit that keeps the shapes of files. */
function amended({ remembered, archive }: Look): RememberedAnswers | undefined {
  const changed = filesAgain(remembered.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed;
  return (
    changed &&
    amendedAnswers(remembered, changed, {
      facts: undefined,
      age,
      archive: archiveIn(archive),
      questions: new Questions('code', [], []),
      define: () => undefined,
      amend: (stored, slice) => [digestOfSlice(slice, []), (stored as readonly unknown[])[1]],
    })
  );
}

interface Counts {
  relinked: number;
  amended: number;
  untold: number;
}

/**
 * Goes from program to program as processes do, each with what the one before remembered, and holds all answers against those of a look at everything.
 * `ask` says which ops are asked about.
 */
function follow(programs: Iterable<Program>, ask: () => readonly string[], counts: Counts): void {
  let known: Look | undefined;
  let asked: readonly string[] = [];
  for (const program of programs) {
    project.become(program);
    const [before, names] = [known, ask()];
    const isSame = names.join() === asked.join();
    const now = look(names);
    [known, asked] = [now, names];
    if (before === undefined || now === undefined) continue;
    const own = isSame ? amended(before) : undefined;
    const told = tell(before, names);
    if (own !== undefined) {
      expect(own.answers).toEqual(now.answers);
      expect(describedAgain({ remembered: own, archive: before.archive }, names)).toEqual(now.described);
      counts.amended += 1;
    }
    if (told === undefined) counts.untold += own === undefined ? 1 : 0;
    else {
      expect(told.answers.answers).toEqual(now.answers);
      counts.relinked += 1;
      known = { ...now, archive: layersOf(told.archive, before.archive), remembered: readAgain(told.answers) };
      expect(describedAgain(known, names)).toEqual(now.described);
    }
  }
}

/** Mostly one edit at a time: of several files that are edited together each may undo what another one needs. */
function* editsOf(program: ModuleProgram, times: number, random: SeededRandom): Generator<Program> {
  yield program.files;
  for (let time = 0; time < times; time += 1) {
    for (let edits = random.chance(0.7) ? 1 : 2 + random.below(3); edits > 0; edits -= 1) program.edit();
    yield program.files;
  }
}

/** How a single edit is told; what is told is held against a look at everything. */
function kindOf({ files, edit }: LinkedEdit): string {
  const before = { ...COMMON, ...files };
  const counts: Counts = { relinked: 0, amended: 0, untold: 0 };
  const after = Object.entries({ ...before, ...edit }).filter(([, text]) => text !== GONE);
  follow([before, Object.fromEntries(after)], () => ['main'], counts);
  return Object.entries(counts).find(([, count]) => count > 0)?.[0] ?? 'none';
}

describe('an edit of how a program hangs together is told as a look at everything would', () => {
  test('for many edits in a row of programs that mostly do nothing as they are loaded', () => {
    const counts: Counts = { relinked: 0, amended: 0, untold: 0 };
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const random = new SeededRandom(seed);
      const ask = (): readonly string[] => (random.chance(0.7) ? OPS : random.pick(OTHER_OPS));
      follow(editsOf(new ModuleProgram(random, seed % 4 === 0 ? 0.5 : 0.05), 12, random), ask, counts);
    }
    expect(counts.relinked).toBeGreaterThan(2 * PROGRAMS);
    expect(counts.untold).toBeGreaterThan(PROGRAMS / 2);
  });

  test.each(STILL_EDITS)('and by linking again: $title', (edit) => {
    expect(kindOf(edit)).toBe('relinked');
  });

  test.each(LOUD_EDITS)('and by such a look: $title', (edit) => {
    expect(kindOf(edit)).toBe('untold');
  });

  /** `one` and `two` call nothing as they are loaded. */
  const beside = (one: string, two: string, more: Program = {}): Program => ({
    'package.json': '{"name":"p","type":"module"}',
    'src/one.ts': `${one}export function one(): any { return 1; }\n`,
    'src/two.ts': `${two}export function two(): any { return 2; }\n`,
    'src/ops.ts': `import { op } from '@memo/core';\nimport { one } from './one.ts';\nimport { two } from './two.ts';\nexport const main = op('main', async () => [one(), two()]);\n`,
    ...more,
  });
  const uses = (name: string): string =>
    `import { ${name} } from './${name}.ts';\nexport function by${name}(): any { return ${name}(); }\n`;

  test.each<[string, Program, Program, number]>([
    ['that import each other from then on', beside(uses('two'), ''), beside(uses('two'), uses('one')), 1],
    ['that import each other no more', beside(uses('two'), uses('one')), beside(uses('two'), ''), 1],
    [
      'that import each other by way of a new one',
      beside(uses('two'), ''),
      beside(uses('two'), uses('mid'), {
        'src/mid.ts': `${uses('one')}export function mid(): any { return one(); }\n`,
      }),
      1,
    ],
    ['of which one imports the other', beside('', ''), beside(uses('two'), ''), 0],
  ])('and by such a look of files %s', (_which, before, after, untold) => {
    const counts: Counts = { relinked: 0, amended: 0, untold: 0 };
    follow([before, after], () => ['main'], counts);
    expect(counts).toEqual({ relinked: 1 - untold, amended: 0, untold });
  });

  test('and by such a look where one of two edited files loads for the first time what the other one did already', () => {
    const files = {
      'package.json': '{"name":"p","type":"module"}',
      'src/far.ts': 'globalThis.far = 4;\nexport const far = 4;\n',
      'src/here.ts': 'export function f(): any { return 1; }\nexport function g(): any { return globalThis.far; }\n',
      'src/there.ts': `import { far } from './far.ts';\nexport function t(): any { return far; }\n`,
      'src/ops.ts': `import { op } from '@memo/core';\nimport { f, g } from './here.ts';\nexport const main = op('main', async () => g());\nexport const other = op('other', async () => f());\n`,
      'src/third.ts': `import { op } from '@memo/core';\nimport { t } from './there.ts';\nexport const third = op('third', async () => t());\n`,
    };
    const edited = {
      ...files,
      'src/here.ts': `import { far } from './far.ts';\nexport function f(): any { return far; }\nexport function g(): any { return globalThis.far; }\n`,
      'src/there.ts': `import { far } from './far.ts';\nfunction more(): any { return far; }\nexport function t(): any { return more(); }\n`,
    };
    const counts: Counts = { relinked: 0, amended: 0, untold: 0 };
    follow([files, edited], () => OPS, counts);
    expect(counts).toEqual({ relinked: 0, amended: 0, untold: 1 });
  });

  test('never by what edits before have left behind where that is damaged', () => {
    const text = (value: string): string => `const n = ${value};\nexport function f(): any { return n; }\n`;
    const files = {
      'package.json': '{"name":"p","type":"module"}',
      'src/f.ts': 'export function f(): any { return 1; }\n',
      'src/ops.ts': `import { op } from '@memo/core';\nimport { f } from './f.ts';\nexport const main = op('main', async () => f());\n`,
    };
    project.become(files);
    const before = look(['main']) as Look;
    project.become({ ...files, 'src/f.ts': text('1') });
    const told = tell(before, ['main']) as Relinked;
    const archive = layersOf(told.archive, before.archive);
    project.become({ ...files, 'src/f.ts': `${text('1')}export function more(): any { return n; }\n` });
    const known = { remembered: told.answers };
    expect(tell({ ...known, archive }, ['main'])?.answers.answers).toEqual(look(['main'])?.answers);
    const edits = archive.edits as Buffer;
    for (const bytes of [edits.subarray(0, 20), edits.subarray(1), undefined])
      expect(tell({ ...known, archive: { ...archive, edits: bytes } }, ['main'])).toBeUndefined();
    expect(tell({ ...known, archive: { base: edits, edits } }, ['main'])).toBeUndefined();
  });

  test('without a look at the texts of files that were not edited', () => {
    const uses = (name: string): string =>
      `import { ${name} } from './g.ts';\nexport function f(): any { return ${name}(); }\n`;
    const files = {
      'package.json': '{"name":"p","type":"module"}',
      'src/g.ts': 'export function g(): any { return 1; }\nexport const h = (): any => 2;\n',
      'src/f.ts': uses('g'),
      'src/ops.ts': `import { op } from '@memo/core';\nimport { f } from './f.ts';\nexport const main = op('main', async () => f());\n`,
    };
    project.become(files);
    const before = look(['main']) as Look;
    project.become({ ...files, 'src/f.ts': uses('h') });
    const now = look(['main']) as Look;
    forgetLoaded();
    const unread = 'nobody reads this (';
    project.become({ ...files, 'src/f.ts': uses('h'), 'src/g.ts': unread, 'src/ops.ts': unread });
    const told = relink(before, [`${project.root}/src/f.ts`], ['main']);
    expect(told?.answers.answers).toEqual(now.answers);
    expect(now.answers).not.toEqual(before.answers);
  });

  test('or not at all where a file has other units by the time it is read', () => {
    project.become({ 'src/now.ts': 'export const one = 1;\n' });
    const file = freshReader().graph.node(`${project.root}/src/now.ts`) as GraphNode;
    const [unit, gone, goneOp] = [0, 1, -1].map((place) => new PlacedUnit(file, place));
    expect(unit?.unit.name).toBe('one');
    expect(() => gone?.unit).toThrow(FileGone);
    expect(() => goneOp?.index).toThrow(FileGone);
  });

  test('for random edits of random programs', () => {
    const counts: Counts = { relinked: 0, amended: 0, untold: 0 };
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const random = new SeededRandom(seed);
      const programs = [new ProgramWriter(random).write()];
      for (let edit = 0; edit < 6; edit += 1) {
        const last = programs.at(-1) as Program;
        programs.push((random.chance(0.7) ? mutate(last, random) : editFiles(last, random)) ?? last);
      }
      follow(programs, () => ['main'], counts);
    }
    expect(counts.untold).toBeGreaterThan(PROGRAMS / 2);
  });
});
