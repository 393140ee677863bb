import { describe, expect, test } from 'vitest';
import { type SliceRequest, type SourceSlice, sliceSource } from '../src/index.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';

const FILES = {
  'package.json': '{"name":"app","type":"module"}',
  'src/main.ts': `import { table } from './table.ts';
import { log, trace } from './log.ts';
import debug from 'debug';
export const main = (key: string) => { log(key); trace(key); debug(key); return table.get(key); };
`,
  'src/table.ts': `import { log } from './log.ts';
export const table = new Map([['a', 1]]);
log(table);
`,
  'src/log.ts': `import { colour } from './colour.ts';
export const log = (what: unknown) => { console.log(colour, what); };
export const trace = (what: unknown) => { console.log(what); };
`,
  'src/colour.ts': `export const colour = 'red';\n`,
  'node_modules/debug/package.json': '{"name":"debug","version":"1.0.0","main":"index.js"}',
  'node_modules/debug/index.js': 'module.exports = () => {};',
};

type Declared = Pick<SliceRequest, 'exclude' | 'assumePure'>;

function slice({ root }: TemporaryProject, declared: Declared = {}): SourceSlice {
  return sliceSource({ root, file: 'src/main.ts', exportName: 'main', ...declared });
}

const symbols = ({ symbols: found }: SourceSlice): readonly string[] =>
  found.map(({ file, name }) => `${file}#${name}`);
const kinds = ({ uncertain }: SourceSlice): readonly string[] => uncertain.map(({ kind }) => kind);

/** Whether an edit changes the version under a declaration. */
function isSeen(declared: Declared, edit: Readonly<Record<string, string>>): boolean {
  const project = temporaryProject(FILES);
  const before = slice(project, declared).version;
  project.write(edit);
  return slice(project, declared).version !== before;
}

const edited = (file: keyof typeof FILES, from: string, to: string): Readonly<Record<string, string>> => {
  expect(FILES[file]).toContain(from);
  return { [file]: FILES[file].replace(from, to) };
};

const OTHER_LOG = edited('src/log.ts', 'console.log(colour, what)', 'console.error(colour, what)');
const OTHER_TRACE = edited('src/log.ts', 'console.log(what)', 'console.error(what)');
const OTHER_COLOUR = edited('src/colour.ts', 'red', 'blue');
const OTHER_DEBUG = edited('node_modules/debug/package.json', '1.0.0', '2.0.0');
const OTHER_TABLE = edited('src/table.ts', '1', '2');
const MEMBERS = {
  ...FILES,
  'src/main.ts': `import settings, { limits } from './settings.ts';\nexport const main = () => [limits.size, settings.depth];\n`,
  'src/settings.ts': 'export const limits = { size: 1, rest: 1 };\nexport default { depth: 3, rest: 3 };\n',
};

const OTHER_MAIN = edited('src/main.ts', 'trace(key)', 'trace(1)');

describe('code that is excluded', () => {
  test.each<readonly [string, Declared, Readonly<Record<string, string>>]>([
    ['a symbol', { exclude: ['src/log.ts#log'] }, OTHER_LOG],
    ['what only a symbol leads to', { exclude: ['src/log.ts#log'] }, OTHER_COLOUR],
    ['symbols of a pattern', { exclude: ['src/log.ts#*'] }, OTHER_TRACE],
    ['a file', { exclude: ['src/log.ts'] }, OTHER_TRACE],
    ['files of a glob', { exclude: ['**/l*.ts'] }, OTHER_LOG],
    ['a package', { exclude: ['package:debug'] }, OTHER_DEBUG],
  ])('does not count: %s', (_what, declared, edit) => {
    expect(isSeen({}, edit)).toBe(true);
    expect(isSeen(declared, edit)).toBe(false);
  });

  test.each<readonly [string, Declared, Readonly<Record<string, string>>]>([
    ['another symbol of the file', { exclude: ['src/log.ts#log'] }, OTHER_TRACE],
    ['another file', { exclude: ['src/log.ts'] }, OTHER_TABLE],
    ['another package', { exclude: ['package:debu'] }, OTHER_DEBUG],
    ['a symbol whose name only begins so', { exclude: ['src/log.ts#lo', 'src/log.ts#tra'] }, OTHER_LOG],
    ['what is asked about', { exclude: ['src/**', 'src/main.ts#main'] }, OTHER_MAIN],
  ])('leaves what it does not name: %s', (_what, declared, edit) => {
    expect(isSeen(declared, edit)).toBe(true);
  });

  test('is not one name of a declaration that has several', () => {
    const project = temporaryProject({
      ...FILES,
      'src/log.ts': 'const both = () => ({ log: () => 1, trace: () => 2 });\nexport const { log, trace } = both();\n',
    });
    const plain = slice(project);
    expect(slice(project, { exclude: ['src/log.ts#log'] })).toMatchObject({ version: plain.version, declared: [] });
    expect(symbols(slice(project, { exclude: ['src/log.ts#*'] }))).not.toContain('src/log.ts#log');
  });

  test('is named in the answer, makes it assumed, and gives it another version', () => {
    const project = temporaryProject(FILES);
    const plain = slice(project);
    const less = slice(project, { exclude: ['src/log.ts#log'] });
    expect(plain).toMatchObject({ certainty: 'exact', declared: [] });
    expect(less).toMatchObject({ certainty: 'assumed', declared: ['exclude src/log.ts#log'] });
    expect(kinds(less)).toEqual(['declared-irrelevant']);
    expect(less.version).not.toBe(plain.version);
    expect(less.version).not.toBe(slice(project, { exclude: ['src/lo?.ts#log'] }).version);
    expect(symbols(plain)).toContain('src/colour.ts#colour');
    expect(symbols(less)).not.toContain('src/log.ts#log');
    expect(symbols(less)).not.toContain('src/colour.ts#colour');
  });

  test('hides only its own questions to the world', () => {
    const project = temporaryProject({
      ...FILES,
      'src/log.ts': `export const start = Date.now();\nexport const log = (_: unknown) => start;\nexport const trace = log;\n`,
      'src/table.ts': `export const table = new Map([['a', Math.random()]]);\n`,
    });
    const messages = ({ uncertain }: SourceSlice): readonly string[] =>
      uncertain.flatMap(({ kind, message }) => (kind === 'impure-initialiser' ? [message.split(' ')[0] ?? ''] : []));
    expect([...messages(slice(project))].sort()).toEqual(['Date.now', 'Math.random']);
    expect(messages(slice(project, { exclude: ['src/log.ts'] }))).toEqual(['Math.random']);
    expect(messages(slice(project, { exclude: ['src/*'] }))).toEqual([]);
  });
});

const STATEFUL = {
  ...FILES,
  'src/main.ts': `import { config } from './config.ts';
import './setup.ts';
export const main = () => config.size;
`,
  'src/config.ts': `export const config = { size: 1 };\n`,
  'src/setup.ts': `import { config } from './config.ts';
import { register } from './register.ts';
import debug from 'debug';
register(config);
debug('ready');
`,
  'src/register.ts': `const seen: object[] = [];
export const register = (what: object) => { seen.push(what); Reflect.set(what, 'registered', true); };
`,
};

test('a member of an object is excluded with that, and goes by the name of both', () => {
  const project = temporaryProject(MEMBERS);
  expect(symbols(slice(project))).toEqual([
    'src/main.ts#main',
    'src/settings.ts#limits.size',
    'src/settings.ts#default.depth',
  ]);
  expect(symbols(slice(project, { exclude: ['src/settings.ts#limits'] }))).toEqual([
    'src/main.ts#main',
    'src/settings.ts#default.depth',
  ]);
  expect(symbols(slice(project, { exclude: ['src/settings.ts#default'] }))).toEqual([
    'src/main.ts#main',
    'src/settings.ts#limits.size',
  ]);
});

describe('code that is declared to be pure', () => {
  const all = { assumePure: ['src/register.ts#register', 'package:debug'] };

  test('is no reason to count the statements that call it', () => {
    const project = temporaryProject(STATEFUL);
    expect(symbols(slice(project))).toEqual(
      expect.arrayContaining(['src/setup.ts#<effect>', 'src/register.ts#register']),
    );
    expect(symbols(slice(project, all))).toEqual(['src/main.ts#main', 'src/config.ts#config.size']);
    expect(symbols(slice(project, { assumePure: ['src/setup.ts'] }))).toEqual([
      'src/main.ts#main',
      'src/config.ts#config.size',
    ]);
  });

  test.each([
    ['a function leaves the package that is called beside it', 'src/register.ts#register', `debug('ready');`],
    ['a package leaves the function that is called beside it', 'package:debug', 'register(config);'],
  ])('leaves what it does not name: %s', (_what, entry, statement) => {
    const project = temporaryProject(STATEFUL);
    const before = slice(project, { assumePure: [entry] });
    project.write({ 'src/setup.ts': STATEFUL['src/setup.ts'].replace(statement, `${statement} ${statement}`) });
    expect(slice(project, { assumePure: [entry] }).version).not.toBe(before.version);
  });

  test('still counts where it is used, and statements beside it do', () => {
    const assume = { assumePure: ['src/log.ts#log', 'package:debug'] };
    expect(isSeen(assume, OTHER_LOG)).toBe(true);
    expect(isSeen(assume, OTHER_DEBUG)).toBe(true);
    const project = temporaryProject(STATEFUL);
    const before = slice(project, all);
    project.write({ 'src/setup.ts': `${STATEFUL['src/setup.ts']}config.size = 2;\n` });
    expect(slice(project, all).version).not.toBe(before.version);
  });

  test('is named in the answer, which is assumed, and another version', () => {
    const project = temporaryProject(STATEFUL);
    const answer = slice(project, all);
    expect(answer).toMatchObject({
      certainty: 'assumed',
      declared: ['assumePure src/register.ts#register', 'assumePure package:debug'],
    });
    expect(kinds(answer)).toEqual(['declared-pure', 'declared-pure']);
    expect(answer.version).not.toBe(slice(project, { assumePure: ['src/setup.ts'] }).version);
  });

  test('stands for all that it calls', () => {
    const project = temporaryProject({
      ...STATEFUL,
      'src/setup.ts': `import { register } from './register.ts';\nregister(1);\n`,
      'src/register.ts': `const note = (what: unknown) => { Reflect.set(globalThis, 'noted', what); };
export const register = (what: unknown) => { note(what); };
`,
    });
    expect(symbols(slice(project))).toContain('src/setup.ts#<effect>');
    expect(symbols(slice(project, { assumePure: ['src/register.ts#register'] }))).not.toContain(
      'src/setup.ts#<effect>',
    );
  });

  test('is assumed only where it makes a difference', () => {
    const project = temporaryProject(STATEFUL);
    const plain = slice(project, { assumePure: ['src/config.ts#config'] });
    expect(plain).toEqual(slice(project));
  });

  test('is taken at its word about what it asks the world while modules are loaded', () => {
    const project = temporaryProject({
      ...STATEFUL,
      'src/main.ts': `import { stamp } from './stamp.ts';\nconst at = stamp();\nexport const main = () => at;\n`,
      'src/stamp.ts': `export const stamp = () => Date.now();\n`,
    });
    expect(slice(project).certainty).toBe('untrackable');
    const answer = slice(project, { assumePure: ['src/stamp.ts#stamp'] });
    expect(answer).toMatchObject({ certainty: 'assumed', declared: ['assumePure src/stamp.ts#stamp'] });
  });
});

describe('declarations that name nothing', () => {
  test.each(['src/log.ts#lgo', 'src/lgo.ts', 'src/lgo.ts#log', 'log.ts', 'package:debugger', 'test/**'])(
    'change nothing, and say so: %s',
    (entry) => {
      const project = temporaryProject(FILES);
      const { uncertain, ...plain } = slice(project);
      expect(uncertain).toEqual([]);
      const { uncertain: notes, ...rest } = slice(project, { exclude: [entry], assumePure: [entry] });
      expect(rest).toEqual(plain);
      expect(notes).toEqual(
        ['exclude', 'assumePure'].map((list) => ({
          kind: 'unmatched-override',
          message: expect.stringContaining(`${list} ${entry}`),
        })),
      );
    },
  );

  test.each([
    { exclude: 'src' },
    { exclude: [''] },
    { assumePure: ['package:'] },
    { exclude: ['#log'] },
    { assumePure: [1] },
  ])('and could not name anything are wrong: %j', (declared) => {
    const { root } = temporaryProject(FILES);
    const request = { root, file: 'src/main.ts', exportName: 'main', ...declared };
    expect(() => Reflect.apply(sliceSource, undefined, [request])).toThrow(TypeError);
  });
});
