import { parseSync } from 'oxc-parser';
import ts from 'typescript59';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';

/** An edit of one module that no version may show; `undefined` when the module has no place for it. */
type PreservingEdit = (text: string, random: SeededRandom, program: Program) => string | undefined;

/** Edits that leave alone what an op computes, in ways that the version promises to see. */
export const PRESERVING_EDITS: Readonly<Record<string, PreservingEdit>> = {
  'comments between statements': (text, random) =>
    eachStatement(
      text,
      (statement) => `${random.pick(['/* note */ ', '// note\n', '\n\n', '/** note\n */\n', ''])}${statement}`,
    ),
  'another layout of everything': (text) => {
    const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ESNext);
    return ts.createPrinter({ removeComments: true }).printFile(file);
  },
  'line ends of another system': (text) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text) => `\uFEFF${text}`,
  'other names of local variables': (text) =>
    text.replaceAll(/\b(?:local|sum|each|alias|caught|count|seed|out|error|target|proto)\b/g, 'renamed_$&'),
  'other names of imports': (text) =>
    text.replaceAll(/\b(?:i|ns|data|legacy|dep|read|create|view)_\d+\b/g, (name) =>
      text.includes(`function ${name}(`) ? name : `renamed_${name}`,
    ),
  'other spellings of numbers': (text) =>
    text.replaceAll(/(?<=[ ([])(\d\d)(?=[;,)\] ])/g, (digits) => `0x${Number(digits).toString(16)}`),
  'other quotes': (text) => text.replaceAll(/'(s\d+)'/g, '"$1"'),
  'escapes in strings': (text) => text.replaceAll(/'s(\d+)'/g, "'\\u0073$1'"),
  'other types': (text) =>
    // What decorators are given can show types.
    /@\w+_/.test(text) ? undefined : text.replaceAll(': any', ': unknown').replaceAll(' as any', ' as never'),
  'a function that nothing uses': (text, random) =>
    `${text}function unused(n: any) { return n + ${random.below(99)}; }\n`,
  'an interface, a type and a type-only import': (text) =>
    `import type { Shape } from './shape.js';\ninterface Local extends Shape { a: number }\ntype Alias = Local | string;\n${text}`,
  // A class runs code as it is declared, which counts in modules that are imported while the op runs.
  'a class that nothing uses': (text, _random, program) =>
    loadsLate(program) ? undefined : `class Unused { #hidden = 1; go() { return this.#hidden; } }\n${text}`,
  'let for constants': (text) => text.replaceAll(/^const (k_\d+ = )/gm, 'let $1'),
  'a body with return for an expression': (text) =>
    text.replaceAll(/^(const k_\d+ = \(n: any\): any => )(?!\[\.)([^{].*);$/gm, '$1{ return $2; };'),
  // So do statements there.
  'another text for the log': (text, _random, program) =>
    loadsLate(program) ? undefined : text.replaceAll("console.log('loaded'", "console.log('LOADED'"),
  'functions in another order': swappedFunctions,
  'a namespace import for named ones': namespaceImport,
};

/** Edits of a program, beyond one module. */
export const PROGRAM_EDITS: Readonly<Record<string, (program: Program, random: SeededRandom) => Program>> = {
  'a module that nothing imports': (program) => ({
    ...program,
    'src/alone.ts': `import './m1.js';\nexport const alone = 1;\n`,
  }),
  'a readme and a script': (program) => ({
    ...program,
    'README.md': '# p\n',
    'package.json': (program['package.json'] ?? '{}').replace('{', '{"scripts":{"a":"b"},'),
  }),
  // What a URL says can be seen, so a module with one stays in its folder.
  'another name of a module': (program) =>
    renamedFile(program, 'm1', program['src/m1.ts']?.includes('new URL(') === true ? 'first' : 'moved/first'),
  'another op': (program, random) => {
    const text = (program['src/ops.ts'] ?? '').replace(
      /^(export const other = .*?)(?:\d+|'s\d+'|null|true)(\)*;)$/m,
      `$1${random.below(99) + 100}$2`,
    );
    return { ...program, 'src/ops.ts': text };
  },
  'another layout of data': (program) => {
    const value = JSON.parse(program['src/data.json'] ?? 'null') as unknown;
    return { ...program, 'src/data.json': JSON.stringify(value, null, 4) };
  },
};

function loadsLate(program: Program): boolean {
  return Object.values(program).some((text) => /\bimport\('|new Worker_|\bfork_/.test(text));
}

function eachStatement(text: string, change: (statement: string) => string): string {
  const { body } = parseSync('file.ts', text).program;
  return body.map(({ start, end }) => change(text.slice(start, end))).join('\n');
}

function swappedFunctions(text: string, random: SeededRandom): string | undefined {
  const { body } = parseSync('file.ts', text).program;
  const functions = body.filter(({ type }) => type === 'FunctionDeclaration');
  if (functions.length < 2) return undefined;
  const at = random.below(functions.length - 1);
  const [first, second] = [functions[at], functions[at + 1]];
  if (first === undefined || second === undefined) return undefined;
  const parts = [
    text.slice(0, first.start),
    text.slice(second.start, second.end),
    text.slice(first.end, second.start),
    text.slice(first.start, first.end),
    text.slice(second.end),
  ];
  return parts.join('');
}

function namespaceImport(text: string): string | undefined {
  const [statement, exported = '', local = '', specifier = ''] =
    /^import \{ (\w+) as (i_\d+) \} from ('\S+');$/m.exec(text) ?? [];
  if (statement === undefined) return undefined;
  const rest = text.replace(statement, `import * as whole from ${specifier};`);
  return rest.replaceAll(new RegExp(`\\b${local}\\b`, 'g'), `whole.${exported}`);
}

function renamedFile(program: Program, from: string, to: string): Program {
  const entries = Object.entries(program).map(([file, text]) => {
    const path = file === `src/${from}.ts` ? `src/${to}.ts` : file;
    const here = path === file || !to.includes('/') ? text : text.replaceAll("'./", "'../");
    return [path, here.replaceAll(`/${from}.js'`, `/${to}.js'`)];
  });
  return Object.fromEntries(entries) as Program;
}
