import type { Form } from './binding.ts';
import { commonJs, useCommonJs } from './common-js.ts';
import { configured, useLed } from './compilation.ts';
import { installedPackages, usePackage } from './installed-programs.ts';
import type { Pen } from './pen.ts';
import type { Program } from './random-program.ts';

/** How a module comes by something that is no TypeScript module: the lines that it needs, and what it can use then. */
export interface Use {
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

const DATA: Form = {
  reads: [(name) => `${name}.a`, (name) => `${name}.list[1]`, (name) => `${name}.deep.x`],
  writes: [(name, literal) => `(${name} as any).a = ${literal};`],
};

const FUNCTION: Form = { reads: [(name, argument) => `${name}(${argument})`], writes: [] };

const VALUES: Form = { reads: [(name) => `String(${name}?.x ?? ${name})`, (name) => `typeof ${name}`], writes: [] };

export const SURROUNDINGS: readonly Surrounding[] = [
  {
    chance: 0.25,
    files: ({ random, literalNumber }) => ({
      'src/data.json': `{"a":${literalNumber()},"list":[1,${literalNumber()}],"deep":{"x":"${random.below(99)}"}}\n`,
    }),
    use: useData,
  },
  { chance: 0.35, files: commonJs, use: useCommonJs },
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
  { chance: 0.2, files: ({ random }) => ({ 'src/note.txt': `note ${random.below(99)}\n` }), use: useNote },
  { chance: 0.25, files: installedPackages, use: usePackage },
  { chance: 0.2, files: configured, use: useLed },
];

function useData({ random, fresh }: Pen): Use {
  const name = fresh('data');
  const json = `from './data.json' with { type: 'json' };`;
  const how = random.below(5);
  if (how === 0) {
    const all = fresh('all');
    const statements = [`const ${name}: any = ${all}.default;`];
    return { imports: [`import * as ${all} ${json}`], statements, name, form: DATA };
  }
  if (how === 1) {
    const [whole, rest] = [fresh('whole'), fresh('rest')];
    const statements = [`const { deep: ${name}, ...${rest} }: any = ${whole};`];
    return { imports: [`import ${whole} ${json}`], statements, name, form: VALUES };
  }
  if (how === 2) {
    const [create, key] = [fresh('create'), fresh('key')];
    const imports = [`import { createRequire as ${create} } from 'node:module';`];
    const statements = [
      `const ${key}: any = 'deep';`,
      `const ${name}: any = ${create}(import.meta.url)('./data.json')[${key}];`,
    ];
    return { imports, statements, name, form: VALUES };
  }
  return { imports: [`import ${name} ${json}`], name, form: DATA };
}

function useNote({ random, fresh }: Pen): Use {
  const [name, read, place] = [fresh('note'), fresh('read'), fresh('place')];
  const url = `new URL('./note.txt', import.meta.url)`;
  const text = `${read}(${url}, 'utf8')`;
  const imports = [`import { readFileSync as ${read} } from 'node:fs';`];
  switch (random.below(4)) {
    case 0:
      return { imports, statements: [`const ${name} = ${text};`], name, form: VALUES };
    case 1:
      return {
        imports,
        statements: [
          `const ${place} = ${url};`,
          `function ${name}(n: any): any { return n + ${read}(${place}, 'utf8'); }`,
        ],
        name,
        form: FUNCTION,
      };
    default:
      return { imports, statements: [`function ${name}(n: any): any { return n + ${text}; }`], name, form: FUNCTION };
  }
}
