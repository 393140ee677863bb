import type { Form } from './binding.ts';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What surroundings are written with. */
export interface Pen {
  readonly random: SeededRandom;
  /** A literal, another one each time. */
  readonly literal: () => string;
  readonly literalNumber: () => number;
  /** A name that nothing else in the program has. */
  readonly fresh: (prefix: string) => string;
}

/** How a module comes by something that is no TypeScript module: the lines that it needs, and what it can use then. */
interface Use {
  readonly imports: readonly string[];
  readonly statements?: readonly string[];
  readonly name: string;
  readonly form: Form;
}

/** Something beside the TypeScript modules of a program that these can use. */
interface Surrounding {
  /** How likely a module is to use it. */
  readonly chance: number;
  readonly files: (pen: Pen) => Program;
  readonly use: (pen: Pen) => Use;
}

const LEGACY: Form = {
  reads: [(name) => `${name}.x`, (name, argument) => `${name}.f(${argument})`, (name) => `Object.keys(${name}).join()`],
  writes: [(name, literal) => `(${name} as any).x = ${literal};`],
};

const DATA: Form = {
  reads: [(name) => `${name}.a`, (name) => `${name}.list[1]`, (name) => `${name}.deep.x`],
  writes: [(name, literal) => `(${name} as any).a = ${literal};`],
};

const FUNCTION: Form = { reads: [(name, argument) => `${name}(${argument})`], writes: [] };

export const SURROUNDINGS: readonly Surrounding[] = [
  {
    chance: 0.25,
    files: ({ random, literalNumber }) => ({
      'src/data.json': `{"a":${literalNumber()},"list":[1,${literalNumber()}],"deep":{"x":"${random.below(99)}"}}\n`,
    }),
    use: ({ fresh }) => {
      const name = fresh('data');
      return { imports: [`import ${name} from './data.json' with { type: 'json' };`], name, form: DATA };
    },
  },
  {
    chance: 0.3,
    files: commonJs,
    use: ({ random, fresh }) => {
      const name = fresh('legacy');
      const file = random.pick(['legacy', 'lazy']);
      if (random.chance(0.6)) return { imports: [`import ${name} from './${file}.cjs';`], name, form: LEGACY };
      const [create, load] = [fresh('create'), fresh('load')];
      return {
        imports: [`import { createRequire as ${create} } from 'node:module';`],
        statements: [`const ${load} = ${create}(import.meta.url);`, `const ${name}: any = ${load}('./${file}.cjs');`],
        name,
        form: LEGACY,
      };
    },
  },
  {
    chance: 0.15,
    files: ({ random, literal }) => ({
      'src/view.tsx': `/** @jsx element */\n/** @jsxFrag Fragment */\nimport { element, Fragment } from './element.js';\nconst Row = 'row';\nexport const view = (n: any): any => <><b id={${literal()}} title="${random.below(99)}">Hello {n} you</b><Row {...{ k: ${literal()} }} /></>;\n`,
      'src/element.ts': `export const element = (tag: any, props: any, ...children: any[]): any => [tag, ${literal()}, JSON.stringify(props), ...children].join();\nexport const Fragment = ${literal()};\n`,
    }),
    use: ({ fresh }) => {
      const name = fresh('view');
      return { imports: [`import { view as ${name} } from './view.tsx';`], name, form: FUNCTION };
    },
  },
  {
    chance: 0.15,
    files: ({ random }) => ({ 'src/note.txt': `note ${random.below(99)}\n` }),
    use: ({ random, fresh }) => {
      const [name, read] = [fresh('note'), fresh('read')];
      const text = `${read}(new URL('./note.txt', import.meta.url), 'utf8')`;
      const imports = [`import { readFileSync as ${read} } from 'node:fs';`];
      if (random.chance(0.3)) {
        const form: Form = { reads: [(self) => self, (self) => `${self}.length`], writes: [] };
        return { imports, statements: [`const ${name} = ${text};`], name, form };
      }
      return { imports, statements: [`function ${name}(n: any): any { return n + ${text}; }`], name, form: FUNCTION };
    },
  },
  {
    chance: 0.25,
    files: installedPackages,
    use: ({ random, fresh }) => {
      const name = fresh('dep');
      const how = random.pick([
        `import ${name} from 'outer';`,
        `import { make as ${name} } from 'outer';`,
        `import { make as ${name} } from 'outer/part';`,
        `import ${name} from 'inner';`,
      ]);
      return { imports: [how], name, form: { reads: [...FUNCTION.reads, (self) => `typeof ${self}`], writes: [] } };
    },
  },
];

/** A worker, and how a module asks it: by a function that gives a promise. */
export function workerFile({ literal }: Pen, imports: readonly string[], answer: string): Program {
  const lines = [
    `import { parentPort as port, workerData as given } from 'node:worker_threads';`,
    ...imports,
    `const base: any = ${literal()};`,
    `port!.postMessage([given, base, ${answer}].join());`,
  ];
  return { 'src/task.ts': `${lines.join('\n')}\n` };
}

export function workerUse({ fresh }: Pen): Use {
  const [name, worker] = [fresh('ask'), fresh('Worker')];
  return {
    imports: [`import { Worker as ${worker} } from 'node:worker_threads';`],
    statements: [
      `function ${name}(n: any): Promise<any> { return new Promise((done) => { new ${worker}(new URL('./task.ts', import.meta.url), { workerData: n }).once('message', done); }); }`,
    ],
    name,
    form: FUNCTION,
  };
}

function commonJs({ random, literal, literalNumber }: Pen): Program {
  const part = random.pick([
    `module.exports = { part: ${literalNumber()} };\n`,
    `module.exports.part = ${literalNumber()};\nObject.defineProperty(exports, 'more', { enumerable: true, get: () => ${literal()} });\n`,
    `class Part { static part = ${literalNumber()}; }\nmodule.exports = Part;\n`,
  ]);
  return {
    'src/legacy.cjs': `const { part } = require('./part.cjs');\nexports.x = ${literal()};\nexports.f = function (n) { return n + part + ${literal()}; };\n`,
    'src/lazy.cjs': `const data = require('./data.json');\nObject.assign(exports, require('./part.cjs'), { x: data.a });\nexports.f = (n) => [n, require('./legacy.cjs').x, ${literal()}].join();\n`,
    'src/part.cjs': part,
  };
}

function installedPackages({ literal }: Pen): Program {
  const manifest = (name: string, more: object): string =>
    JSON.stringify({ name, version: '1.0.0', type: 'module', ...more });
  return {
    'node_modules/outer/package.json': manifest('outer', {
      exports: { '.': './index.js', './part': './part.js' },
      dependencies: { inner: '^1.0.0' },
    }),
    'node_modules/outer/index.js': `import inner from 'inner';\nexport { make } from './part.js';\nexport default (n) => [inner(n), ${literal()}].join();\n`,
    'node_modules/outer/part.js': `export const make = (n) => [n, ${literal()}].join();\n`,
    'node_modules/inner/package.json': manifest('inner', { main: './index.js' }),
    'node_modules/inner/index.js': `export default (n) => n + ${literal()};\n`,
  };
}
