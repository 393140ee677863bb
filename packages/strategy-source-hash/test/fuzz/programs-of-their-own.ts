import { type ModuleDraft, textOf } from './module-draft.ts';
import type { Pen } from './pen.ts';
import type { Program } from './random-program.ts';
import type { Use } from './surroundings.ts';

/** What a program can run beside itself: a worker, or another process. */
export interface Runnable {
  readonly file: string;
  /** Its text; `answer` is an expression over `given`. */
  readonly files: (pen: Pen, module: ModuleDraft, answer: string) => Program;
  /** How a module asks it: by a function that gives a promise. */
  readonly use: (pen: Pen) => Use;
}

const FUNCTION = { reads: [(name: string, argument: string) => `${name}(${argument})`], writes: [] };

export const RUNNABLES: readonly Runnable[] = [
  {
    file: 'src/task.ts',
    files: ({ literal }, module, answer) => ({
      'src/task.ts': withLines(
        module,
        [`import { parentPort as port, workerData as given } from 'node:worker_threads';`],
        [`const base: any = ${literal()};`, `port!.postMessage([given, base, ${answer}].join());`],
      ),
    }),
    use: ({ fresh }) => {
      const [name, worker] = [fresh('ask'), fresh('Worker')];
      return {
        imports: [`import { Worker as ${worker} } from 'node:worker_threads';`],
        statements: [
          `function ${name}(n: any): Promise<any> { return new Promise((done) => { new ${worker}(new URL('./task.ts', import.meta.url), { workerData: n }).once('message', done); }); }`,
        ],
        name,
        form: FUNCTION,
      };
    },
  },
  {
    file: 'src/forked.ts',
    files: ({ literal }, module, answer) => ({
      'src/forked.ts': withLines(
        module,
        [],
        [
          `const base: any = ${literal()};`,
          `process.once('message', (given: any) => { process.send!([given, base, ${answer}].join()); });`,
        ],
      ),
    }),
    use: ({ fresh, random }) => {
      const [name, fork, toPath] = [fresh('ask'), fresh('fork'), fresh('path')];
      const url = `new URL('./forked.ts', import.meta.url)`;
      const isPath = random.chance(0.5);
      return {
        imports: [
          `import { fork as ${fork} } from 'node:child_process';`,
          ...(isPath ? [`import { fileURLToPath as ${toPath} } from 'node:url';`] : []),
        ],
        statements: [
          `function ${name}(n: any): Promise<any> { return new Promise((done) => { const child = ${fork}(${isPath ? `${toPath}(${url})` : url}); child.once('message', done); child.send(n); }); }`,
        ],
        name,
        form: FUNCTION,
      };
    },
  },
];

function withLines(
  { imports, statements, ...module }: ModuleDraft,
  first: readonly string[],
  last: readonly string[],
): string {
  return textOf({ ...module, imports: [...first, ...imports], statements: [...statements, ...last] });
}
