import { Script } from 'node:vm';
import type { OpVersionContext, SiteFrame } from '@memo/core/plugin';
import { afterAll, describe, expect, test } from 'vitest';
import { amendedAnswers } from '../src/amended-answers.ts';
import type { RememberedAnswers } from '../src/answer-cache.ts';
import { codeInquiry } from '../src/code-inquiry.ts';
import type { CodeAnswer } from '../src/code-version.ts';
import { keptReader } from '../src/kept-reader.ts';
import { askingOneByOne, rememberedAnswers } from '../src/loaded-code.ts';
import { OverridesByOp } from '../src/overrides.ts';
import { relinkedAnswers } from '../src/relinked-answers.ts';
import { filesAgain } from '../src/same-disk.ts';
import { StoredValues } from '../src/shared-values.ts';
import { ProjectOnDisk } from './fuzz/project-on-disk.ts';
import type { Program } from './fuzz/random-program.ts';
import { SeededRandom } from './fuzz/seeded-random.ts';
import { archiveIn, type LayerBytes, layersOf } from './support/archive-bytes.ts';
import { laterAge as age, forgetLoaded, freshReader } from './support/fresh-reader.ts';
import { CONDITIONS } from './support/hashing.ts';

const ROUNDS = process.env.MEMO_TEST_FULL === '1' ? 600 : 24;

const project = new ProjectOnDisk();
afterAll(() => project.remove());

const OPS = 'src/ops.ts';

/** The ops of a program as a process has them that runs it: each is written `op('name', function)`, or made by `make('name')`. */
function opsOf(program: Program): readonly OpVersionContext[] {
  const text = program[OPS] ?? '';
  const inner = [...text.matchAll(/op\(name, /g)];
  const direct = [...text.matchAll(/op\('(\w+)', /g)].map(({ 0: call, 1: name = '', index }) =>
    context(name, argumentAt(text, index + call.length), [frameAt(text, index, undefined)]),
  );
  const made = [...text.matchAll(/make\('(\w+)'/g)].flatMap(({ 1: name = '', index: outer }) =>
    inner.map(({ 0: call, index }) =>
      context(name, argumentAt(text, index + call.length), [
        frameAt(text, index, 'make'),
        frameAt(text, outer, undefined),
      ]),
    ),
  );
  return [...direct, ...made];
}

/** The text up to the parenthesis that ends a call. */
function argumentAt(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === ')' && depth === 0) return text.slice(start, at);
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
  }
  throw new Error('the call does not end');
}

function context(name: string, body: string, frames: readonly SiteFrame[]): OpVersionContext {
  const lines = frames.map(({ file, line, column }) => `    at file://${file}:${line}:${column}`);
  const stack = ['Error', ...lines].join('\n');
  const run = new Script(`(${body})`).runInThisContext() as OpVersionContext['run'];
  return { kind: 'op', namespace: 'p', name, run, declared: undefined, definition: { frames, stack, definedAt: 0 } };
}

function frameAt(text: string, index: number, functionName: string | undefined): SiteFrame {
  const before = text.slice(0, index).split('\n');
  return {
    file: `${project.root}/${OPS}`,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    functionName,
  };
}

const ask = (program: Program, ops = opsOf(program)) =>
  codeInquiry(ops, { cache: false, isWhole: true, overrides: new OverridesByOp({}) });

interface Look {
  readonly answers: RememberedAnswers;
  readonly archive: LayerBytes | undefined;
}

/** All answers, by a look at everything. */
function look(program: Program): Look | undefined {
  const reader = freshReader();
  const inquiry = ask(program);
  const outcomes = inquiry.answer(reader);
  reader.graph.noteLeads();
  const found = rememberedAnswers(outcomes, inquiry, { reader, isKept: true });
  return found && { answers: { asker: '', ...found.answers }, archive: found.archive && layersOf(found.archive) };
}

/** The answers after an edit, told from what was remembered; `undefined` where they cannot be. */
function told({ answers, archive }: Look, program: Program, ops = opsOf(program)): Look | undefined {
  const { questions, slices } = ask(program, ops);
  const changed = filesAgain(answers.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed;
  if (changed === undefined || slices === undefined) return undefined;
  const again = amendedAnswers(answers, changed, {
    facts: undefined,
    age,
    archive: archiveIn(archive),
    questions,
    define: slices.define,
    amend: slices.amend,
  });
  return again?.question === questions.digest ? { answers: again, archive } : undefined;
}

/** The same, told by linking the edited files again. */
function linked({ answers, archive }: Look, program: Program): Look | undefined {
  forgetLoaded();
  const inquiry = ask(program);
  const changed = filesAgain(answers.seen, { conditions: CONDITIONS, tsconfig: undefined, age })?.changed;
  const found =
    changed &&
    relinkedAnswers(answers, changed, {
      facts: undefined,
      age,
      archive: archiveIn(archive),
      questions: inquiry.questions,
      around: AROUND,
      isAnew: false,
      asking: (shared) => askingOneByOne(inquiry, shared),
    });
  return found && { answers: found.answers, archive: layersOf(found.archive, archive) };
}

const AROUND = { conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };

/** The manifests of answers. A look at everything would find files that are newer than this process, and say nothing of them. */
function manifestsOf({ answers, archive }: Look, program: Program): readonly unknown[] {
  forgetLoaded();
  const reader = keptReader(answers, { archive: archiveIn(archive), around: AROUND, facts: undefined, age });
  const { restore } = ask(program);
  const shared = new StoredValues(answers.shared);
  return answers.answers.map((stored, at) => manifestIn(restore(stored, at, { shared, kept: () => reader })));
}

/** The same by a look at everything. */
function freshManifests(program: Program): readonly unknown[] {
  return ask(program)
    .answer(freshReader())
    .map((outcome) => manifestIn('answer' in outcome ? outcome.answer : undefined));
}

function manifestIn(answer: CodeAnswer | undefined): unknown {
  return answer !== undefined && 'manifest' in answer ? { ...answer.manifest } : undefined;
}

/** What answers say, whatever they share. */
function said({ answers, shared }: RememberedAnswers): unknown {
  return (answers as readonly (readonly unknown[])[]).map(([digest, loadsLate, uncertain, manifest]) => [
    digest,
    loadsLate,
    shared[Number(uncertain)],
    shared[Number(manifest)],
  ]);
}

/** Edits a program, and holds what is told of the edit against a look at all of it. */
function tell(before: Program, after: Program): 'told' | 'linked' | 'untold' {
  project.become(before);
  const first = look(before);
  if (first?.archive === undefined) throw new Error('the answers cannot be remembered');
  project.become(after);
  const [amended, relinked] = [told(first, after), linked(first, after)];
  const now = look(after);
  const manifests = freshManifests(after);
  for (const again of [amended, relinked]) {
    if (again === undefined) continue;
    const { answers } = again;
    expect(said(answers)).toEqual(now && said(now.answers));
    expect(manifestsOf(again, after)).toEqual(manifests);
    // What is remembered then is as good as the first time, but for what the edit left behind.
    expect(answers.details()?.keys).toEqual(now?.answers.details()?.keys);
    expect(answers.details()?.definitions).toEqual(now?.answers.details()?.definitions);
  }
  return amended === undefined ? (relinked === undefined ? 'untold' : 'linked') : 'told';
}

const PROGRAM: Program = {
  'package.json': '{"name":"p","type":"module"}',
  'node_modules/@memo/core/package.json': '{"name":"@memo/core","version":"1.0.0","main":"index.js"}',
  'node_modules/@memo/core/index.js': '',
  'src/f.ts': 'const unit = 2;\nexport const f = (x) => x * unit;\nexport const g = (x) => x + 1;\n',
  [OPS]: [
    `import { op } from '@memo/core';`,
    `import { f, g } from './f.ts';`,
    `const BASE = 3;`,
    `export const one = op('one', (x) => f(x) + BASE);`,
    `export const two = op('two', (x) => g(x) - 1);`,
    `export const three = op('three', (x) => g(x) - 10);`,
    `const both = [op('four', (x) => x + 4), op('five', function (x) { return f(x) / 5; })];`,
    `export const [four, five] = both;`,
    '',
  ].join('\n'),
};

const edit = (from: string, to: string, program: Program = PROGRAM): Program => ({
  ...program,
  [OPS]: (program[OPS] ?? '').replace(from, () => to),
});

describe('an edit of a file that defines ops', () => {
  test('is told: of a body, of several, of lines above, of what ops use', () => {
    const edits = [
      edit('f(x) + BASE', 'f(x) * BASE'),
      edit('(x) => f(x) + BASE', '(x) => {\n  const y = f(x);\n  return y + BASE;\n}'),
      edit('g(x) - 1)', 'g(x) - 2)', edit('f(x) + BASE', 'f(x) ** BASE')),
      edit('const BASE', '// What all begin with.\n\nconst BASE'),
      edit('BASE = 3', 'BASE = 4'),
      edit('x + 4', 'x + 44'),
      edit('f(x) / 5', 'f(x) / 55'),
      { ...edit('f(x) + BASE', 'f(x) * BASE'), 'src/f.ts': (PROGRAM['src/f.ts'] ?? '').replace('2', '3') },
    ];
    expect(edits.map((after) => tell(PROGRAM, after))).toEqual(edits.map(() => 'told'));
  });

  test('is left to a look at everything where a function makes an op that nobody made before', () => {
    const after = edit(`op('two', (x) => g(x) - 1)`, `((name) => op(name, (x) => g(x) - 1))('two')`);
    expect(tell(PROGRAM, after)).toBe('untold');
  });

  test('is told by linking the file again where ops come or go', () => {
    const edits = [
      edit(`export const two = op('two', (x) => g(x) - 1);\n`, ''),
      edit('const both', `export const more = op('more', (x) => x);\nconst both`),
      edit('const both', `export const more = op('more', (x) => g(x));\nconst both`),
    ];
    expect(edits.map((after) => tell(PROGRAM, after))).toEqual(edits.map(() => 'linked'));
  });

  test('is told by linking the file again where ops use something else, or have other names', () => {
    const edits = [
      edit(`op('two', (x) => g(x) - 1)`, `op('two', (x) => f(x) - 1)`),
      edit(`op('two'`, `op('zwei'`),
      edit('x + 4', 'x + BASE'),
    ];
    expect(edits.map((after) => tell(PROGRAM, after))).toEqual(edits.map(() => 'linked'));
  });

  test('is told of the op that a definition is at, whatever its neighbours become', () => {
    const swapped = edit('g(x) - 1)', 'g(x) - 10)', edit('g(x) - 10)', 'g(x) - 1)'));
    expect(tell(PROGRAM, swapped)).toBe('told');
    const renamed = edit(`op('zwei'`, `op('three'`, edit(`op('three'`, `op('two'`, edit(`op('two'`, `op('zwei'`)));
    expect(tell(PROGRAM, renamed)).toBe('linked');
  });

  test('is left to a look at everything where a function in memory is not that of the text, or is made elsewhere', () => {
    project.become(PROGRAM);
    const first = look(PROGRAM);
    const after = edit('f(x) + BASE', 'f(x) * BASE');
    project.become(after);
    const [one, ...others] = opsOf(after);
    if (first === undefined || one === undefined) throw new Error('there is nothing to ask about');
    const moved = {
      ...one.definition,
      frames: one.definition.frames.map((frame) => ({ ...frame, line: 5 })),
      stack: '',
    };
    expect(told(first, after, [one, ...others])).toBeDefined();
    expect(told(first, after, [{ ...one, run: (x: unknown) => x }, ...others])).toBeUndefined();
    expect(told(first, after, [{ ...one, definition: moved }, ...others])).toBeUndefined();
    expect(told(first, after, others)).toBeUndefined();
  });

  test('is left to a look at everything where what was remembered of a definition is damaged', () => {
    project.become(PROGRAM);
    const first = look(PROGRAM);
    const after = edit('f(x) + BASE', 'f(x) * BASE');
    project.become(after);
    const details = first?.answers.details();
    if (first === undefined || details === undefined) throw new Error('there is nothing to ask about');
    const damaged = (placement: string): Look => {
      const definitions = details.definitions?.map(({ calls, ...one }) => {
        return { ...one, calls: calls.map(([file, positions]) => [file, positions, placement] as const) };
      });
      return { ...first, answers: { ...first.answers, details: () => details.with({ definitions }) } };
    };
    expect(told(first, after)).toBeDefined();
    for (const placement of ['{', 'null', '{"op":["0"]}', '{"op":[99]}', ''])
      expect(told(damaged(placement), after)).toBeUndefined();
  });

  test('is told as a look at everything would, for random edits', () => {
    const random = new SeededRandom(11);
    const counts = { told: 0, linked: 0, untold: 0 };
    let program = PROGRAM;
    for (let round = 0; round < ROUNDS; round += 1) {
      const after = randomEdit(program, random);
      counts[tell(program, after)] += 1;
      program = random.below(3) === 0 ? PROGRAM : after;
    }
    expect(counts.told).toBeGreaterThan(ROUNDS / 2);
    expect(counts.linked).toBeGreaterThan(0);
  });
});

/** Changes numbers, operators, helpers, lines, names and the order of declarations. */
function randomEdit(program: Program, random: SeededRandom): Program {
  const edits: readonly ((text: string) => string)[] = [
    (text) => text.replace(/\d+\)/g, (found) => (random.below(2) === 0 ? found : `${random.below(90)})`)),
    (text) =>
      text.replace(/\) ([-+*]) /g, (found) => (random.below(2) === 0 ? found : `) ${random.pick(['-', '+', '*'])} `)),
    (text) => text.replace(/=> ([fg])\(/g, (found) => (random.below(3) > 0 ? found : `=> ${random.pick(['f', 'g'])}(`)),
    (text) => text.replace(/\(x\) => ([^;{]*)\);$/m, (_all, body) => `(x) => {\n  return ${body};\n});`),
    (text) => (random.below(2) === 0 ? `// A line.\n${text}` : text.replace('// A line.\n', '')),
    (text) => text.replace(/BASE = \d+/, `BASE = ${random.below(50)}`),
    (text) => {
      const lines = text.split('\n');
      const at = random.below(Math.max(1, lines.length - 2));
      if (!/^export const .*;$/.test(lines[at] ?? '') || !/^export const .*;$/.test(lines[at + 1] ?? '')) return text;
      return [...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)].join('\n');
    },
  ];
  let text = program[OPS] ?? '';
  for (let count = 1 + random.below(3); count > 0; count -= 1) text = random.pick(edits)(text);
  return { ...program, [OPS]: text };
}
