import { otherCompilation } from './compilation.ts';
import { reinstalled } from './installed-programs.ts';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';

type FileEdit = (program: Program, random: SeededRandom) => Program | undefined;

/** The program with files added, taken away, swapped or moved, or with other packages. */
export function editFiles(program: Program, random: SeededRandom): Program | undefined {
  return random.pick(FILE_EDITS)(program, random);
}

const FILE_EDITS: readonly FileEdit[] = [
  reinstalled,
  otherImportsMap,
  otherCompilation,
  withoutFile,
  withSwappedFiles,
  withFileOverAnother,
  withMissingModule,
  withMovedStatement,
];

function otherImportsMap(program: Program, random: SeededRandom): Program {
  const text = (program['package.json'] ?? '').replace(
    /("#\w+":)"[^"]*"/g,
    (all, key: string) =>
      `${key}${random.pick([JSON.stringify('./src/chosen-b.js'), '"outer"', '"inner"', all.slice(key.length)])}`,
  );
  return { ...program, 'package.json': text };
}

function withoutFile(program: Program, random: SeededRandom): Program {
  const { [random.pick(sourcesOf(program))]: _gone, ...rest } = program;
  return rest;
}

function withSwappedFiles(program: Program, random: SeededRandom): Program | undefined {
  const [first, second] = twoAlike(program, random);
  if (first === second) return undefined;
  return { ...program, [first]: program[second] ?? '', [second]: program[first] ?? '' };
}

function withFileOverAnother(program: Program, random: SeededRandom): Program | undefined {
  const [first, second] = twoAlike(program, random);
  return first === second ? undefined : { ...program, [first]: program[second] ?? '' };
}

/** A module that the program asks for in vain. */
function withMissingModule(program: Program, random: SeededRandom): Program {
  const text = random.chance(0.5)
    ? program[random.pick(sourcesOf(program).filter((path) => path.endsWith('.ts')))]
    : `export const k_1 = ${random.below(99)};\nexport default { a: ${random.below(99)} };\n`;
  return { ...program, 'src/m9.ts': text ?? '' };
}

/** A line of one module stands in another one instead. */
function withMovedStatement(program: Program, random: SeededRandom): Program | undefined {
  const modules = sourcesOf(program).filter((path) => /\/m\d\.ts$/.test(path));
  const [from, to] = [random.pick(modules), random.pick(modules)];
  const lines = (program[from] ?? '').trimEnd().split('\n');
  const line = random.below(lines.length);
  if (from === to || lines[line] === undefined) return undefined;
  const others = (program[to] ?? '').trimEnd().split('\n');
  return {
    ...program,
    [from]: `${lines.toSpliced(line, 1).join('\n')}\n`,
    [to]: `${others.toSpliced(random.below(others.length + 1), 0, lines[line]).join('\n')}\n`,
  };
}

function sourcesOf(program: Program): readonly string[] {
  return Object.keys(program).filter((path) => path.startsWith('src/') && path !== 'src/ops.ts');
}

function twoAlike(program: Program, random: SeededRandom): readonly [first: string, second: string] {
  const first = random.pick(sourcesOf(program));
  const extension = first.slice(first.lastIndexOf('.'));
  const second = random.pick(sourcesOf(program).filter((path) => path.endsWith(extension)));
  return [first, second];
}
