import { lockfilesOf, MANAGERS, type Manager, managerOf } from './lockfiles.ts';
import type { Pen } from './pen.ts';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Use } from './surroundings.ts';

/** The program's own package, and two that are installed and locked: `outer` uses `inner`. */
export function installedPackages({ literal, random }: Pen): Program {
  return withLockfile(random.pick(MANAGERS), {
    'package.json': JSON.stringify({
      name: 'p',
      type: 'module',
      imports: { '#chosen': './src/chosen-a.js', '#tool': 'inner' },
      dependencies: { inner: '1.0.0', outer: '1.0.0' },
    }),
    'src/chosen-a.js': `export default (n) => [n, ${literal()}].join();\n`,
    'src/chosen-b.js': `export default (n) => [n, ${literal()}, 'b'].join();\n`,
    'node_modules/outer/package.json': manifest('outer', {
      exports: { '.': './index.js', './part': './part.js', './old': { require: './old.cjs', default: './part.js' } },
      dependencies: { inner: '^1.0.0' },
    }),
    'node_modules/outer/index.js': `import inner from 'inner';\nexport { make } from './part.js';\nexport default (n) => [inner(n), ${literal()}].join();\n`,
    'node_modules/outer/part.js': `export const make = (n) => [n, ${literal()}].join();\n`,
    'node_modules/outer/old.cjs': `exports.make = (n) => [n, ${literal()}, 'old'].join();\n`,
    'node_modules/inner/package.json': manifest('inner', { main: './index.js' }),
    'node_modules/inner/index.js': `export default (n) => n + ${literal()};\n`,
  });
}

function manifest(name: string, more: object): string {
  return JSON.stringify({ name, version: '1.0.0', type: 'module', ...more });
}

export function usePackage({ random, fresh }: Pen): Use {
  const [name, create] = [fresh('dep'), fresh('create')];
  const form = {
    reads: [(self: string, argument: string) => `${self}(${argument})`, (self: string) => `typeof ${self}`],
    writes: [],
  };
  if (random.chance(0.15)) {
    const imports = [`import { createRequire as ${create} } from 'node:module';`];
    return { imports, statements: [`const ${name} = ${create}(import.meta.url)('outer/old').make;`], name, form };
  }
  if (random.chance(0.15)) {
    const statements = [
      `async function ${name}(n: any): Promise<any> { const { make }: any = await import('outer'); return make(n); }`,
    ];
    return { imports: [], statements, name, form };
  }
  const how = random.pick([
    `import ${name} from 'outer';`,
    `import { make as ${name} } from 'outer';`,
    `import { make as ${name} } from 'outer/part';`,
    `import ${name} from 'inner';`,
    `import ${name} from '#tool';`,
    `import ${name} from '#chosen';`,
    `import ${name} from '#chosen';`,
  ]);
  return { imports: [how], name, form };
}

/** What a package manager may do: install another version, install a second one deeper down, remove that, or leave it all. */
export function reinstalled(program: Program, random: SeededRandom): Program {
  const version = random.pick(['1.0.1', '1.1.0']);
  if (random.chance(0.3)) {
    const deep = {
      'node_modules/outer/node_modules/inner/package.json': manifest('inner', { main: './index.js', version }),
      'node_modules/outer/node_modules/inner/index.js': "export default (n) => 'deep' + n;\n",
    };
    return withLockfile(managerOf(program), { ...program, ...deep });
  }
  const folder = `node_modules/${random.pick(['inner', 'outer'])}/`;
  const text = (program[`${folder}package.json`] ?? '').replace('"1.0.0"', `"${version}"`);
  const codes = Object.keys(program).filter((name) => name.startsWith(folder) && /\.c?js$/.test(name));
  const changed = codes.map((name) => [name, (program[name] ?? '').replace('(n) => ', "(n) => 'new' + ")]);
  return withLockfile(managerOf(program), {
    ...program,
    ...Object.fromEntries(changed),
    [`${folder}package.json`]: text,
  });
}

/** The same with a package more or less that code may or may not import, or under another range; and mostly with what is installed for that. */
export function withOtherDependencies(program: Program, random: SeededRandom): Program {
  const { dependencies, ...others } = JSON.parse(program['package.json'] ?? '{}') as Record<string, object>;
  const name = random.pick(['inner', 'outer', 'more', 'other', 'more']);
  const range = random.pick(['^1.0.0', '*', '', 'file:../more', 'none']);
  const field = random.pick(['dependencies', 'devDependencies', 'optionalDependencies']);
  const own = { ...others, dependencies: { ...dependencies } } as Record<string, Record<string, string | undefined>>;
  own[field] = { ...own[field], [name]: range === 'none' ? undefined : range };
  const text = JSON.stringify(own);
  const version = random.pick(['1.0.0', '1.1.0']);
  const installed = name.endsWith('er') ? {} : { [`node_modules/${name}/package.json`]: manifest(name, { version }) };
  const edited = { ...program, 'package.json': text };
  return random.chance(0.2) ? edited : withLockfile(managerOf(program), { ...edited, ...installed });
}

/** The lockfile of the package manager, and its record of what it installed where it makes one, say what is there. */
function withLockfile(manager: Manager, program: Program): Program {
  return { ...program, ...lockfilesOf(manager, program) };
}
