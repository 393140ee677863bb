import { fileURLToPath } from 'node:url';
import type { DefinitionSite } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { definitionFiles } from '../src/definition-file.ts';
import { temporaryProject } from './support/project.ts';

const here = (name: string): string => fileURLToPath(new URL(`./fixtures/program/${name}`, import.meta.url));
const OPS = here('plain.ts');
const LIB = here('factory.ts');
const MAIN = here('made.ts');

type Line = readonly [functionName: string | undefined, file: string] | string;

/** A site with these stack lines; a text is a line that is no file of the user. */
function site(...lines: readonly Line[]): DefinitionSite {
  const text = lines.map((line) => {
    if (typeof line === 'string') return `    at ${line}`;
    const [name, file] = line;
    return name === undefined ? `    at file://${file}:3:4` : `    at ${name} (${file}:3:4)`;
  });
  const frames = lines.flatMap((line) =>
    typeof line === 'string' ? [] : [{ file: line[1], line: 3, column: 4, functionName: line[0] }],
  );
  return { stack: ['Error', ...text].join('\n'), frames, definedAt: 0 };
}

const files = (definition: DefinitionSite): readonly string[] => definitionFiles(definition, 'op x').files;

describe('the files of a definition', () => {
  test('are those of all frames, innermost first, each once', () => {
    expect(files(site(['make', LIB], 'Array.map (<anonymous>)', ['inner', LIB], [undefined, OPS]))).toEqual([LIB, OPS]);
  });

  test('end where one module loads another', () => {
    const require = 'Module._compile (node:internal/modules/cjs/loader:1554:14)';
    expect(files(site([undefined, OPS], require, [undefined, MAIN]))).toEqual([OPS]);
  });

  test('go on through asynchronous callers', () => {
    const ticks = 'process.processTicksAndRejections (node:internal/process/task_queues:95:5)';
    expect(files(site(['make', LIB], ticks, ['async main', MAIN]))).toEqual([LIB, MAIN]);
  });

  test('end at the frames of a program that loads modules', () => {
    const project = temporaryProject({ 'node_modules/@vitest/runner/x.js': '', 'node_modules/jiti/x.cjs': '' });
    expect(
      files(site([undefined, OPS], ['run', project.path('node_modules/@vitest/runner/x.js')], [undefined, MAIN])),
    ).toEqual([OPS]);
    expect(
      files(site([undefined, OPS], ['eval_evalModule', project.path('node_modules/jiti/x.cjs')], [undefined, MAIN])),
    ).toEqual([OPS]);
  });

  test('include those of installed packages that stand between files of the project', () => {
    const project = temporaryProject({ 'node_modules/p-map/x.js': '', 'node_modules/runner/x.js': '' });
    const map = project.path('node_modules/p-map/x.js');
    const runner = project.path('node_modules/runner/x.js');
    expect(files(site([undefined, LIB], ['map', map], [undefined, OPS], ['load', runner]))).toEqual([LIB, map, OPS]);
    expect(files(site([undefined, map], ['load', runner]))).toEqual([map]);
  });
});

test.each(['<static_initializer>', 'Function.<static_initializer>', '<instance_members_initializer>'])(
  'who evaluates a class stands where its field does: %s',
  (name) => {
    const at = (line: number, file: string, functionName?: string) => ({ file, line, column: 1, functionName });
    const frames = [at(7, OPS, name), at(1, OPS), at(9, OPS), at(2, LIB)];
    const { frames: found } = definitionFiles({ stack: 'Error', frames, definedAt: 0 }, 'op x');
    expect(found.map(({ positions }) => positions[0]?.line)).toEqual([7, 7, 9, 2]);
    const elsewhere = definitionFiles({ stack: 'Error', frames: [at(7, OPS, name), at(2, LIB)], definedAt: 0 }, 'op x');
    expect(elsewhere.frames.map(({ positions }) => positions[0]?.line)).toEqual([7, 2]);
  },
);

describe('the caller of a definition', () => {
  test.each<readonly [string, DefinitionSite, boolean]>([
    ['is known at the top level of a module', site(['make', LIB], [undefined, OPS]), true],
    ['is known at the top level of a CommonJS module', site(['make', LIB], ['Object.<anonymous>', OPS]), true],
    ['is unknown where the outermost frame is a function', site(['make', LIB]), false],
    [
      'is unknown where the stack may have been cut',
      site(...Array.from({ length: 50 }, (): Line => [undefined, OPS])),
      false,
    ],
  ])('%s', (_title, definition, isKnown) => {
    expect(definitionFiles(definition, 'op x').unknownCallerOf === undefined).toBe(isKnown);
  });
});

describe('a definition that is not made by code in files is refused (M4009)', () => {
  test.each<readonly [string, DefinitionSite]>([
    ['without frames', site()],
    ['by eval', site(`eval (eval at make (file://${OPS}:1:1), <anonymous>:1:5)`, [undefined, OPS])],
    ['in a data: module', site('data:text/javascript,op():1:1', [undefined, OPS])],
    ['on a command line', site('[eval]:1:1')],
    ['in a REPL', site('REPL1:1:1', 'node:vm:117:18')],
    ['in a file that is gone', site([undefined, `${OPS}.gone`])],
  ])('%s', (_title, definition) => {
    expect(() => definitionFiles(definition, 'op x')).toThrow(
      expect.objectContaining({ code: 'M4009', problem: 'Cannot tell which code op x runs' }),
    );
  });
});
