import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';

const KINDS = [
  'function',
  'function',
  'arrow',
  'constant',
  'object',
  'class',
  'made',
  'writer',
  'reader',
  'loader',
  'packaged',
  'member',
] as const;

interface Use {
  readonly module: number;
  readonly name: string;
}

interface Declaration {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly value: number;
  readonly uses: readonly Use[];
  readonly isExported: boolean;
}

interface Module {
  readonly declarations: readonly Declaration[];
  /** Modules all of whose exports it exports, and those that it imports for nothing else. */
  readonly stars: readonly number[];
  readonly bare: readonly number[];
  /** What it calls as it is loaded. */
  readonly effects: readonly Use[];
  /** What it hands on by name. */
  readonly passed: readonly Use[];
  /** True for a file that is not there, but may come back. */
  readonly isGone: boolean;
}

/** In place of a module. */
const PACKAGE = -1;

export const OPS = ['main', 'other', 'third'];

/** The file that an op is in. */
export function fileOf(op: string): string {
  return op === 'third' ? 'src/third.ts' : 'src/ops.ts';
}

/**
 * A program of modules that use each other's declarations, and of ops. It is edited as people do: declarations come, go, get other names and other
 * uses, files come and go.
 */
export class ModuleProgram {
  readonly #random: SeededRandom;
  #modules: Module[] = [];
  #ops: readonly (readonly Use[])[] = [];
  #names = 0;
  /** How likely it is that code does something as it is loaded. */
  readonly #restless: number;

  constructor(random: SeededRandom, restless: number) {
    this.#random = random;
    this.#restless = restless;
    for (let count = 3 + random.below(4); count > 0; count -= 1) this.#addModule();
    this.#ops = OPS.map(() => this.#uses(-1, 3));
    for (let times = 6; times > 0; times -= 1) this.#addDeclaration();
  }

  /** The files as they are. */
  get files(): Program {
    const files: Record<string, string> = {
      'package.json': '{"name":"p","type":"module"}',
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
      'node_modules/dep/index.js': 'exports.one = exports.two = 1;\n',
    };
    for (const [at, module] of this.#modules.entries())
      if (!module.isGone) {
        files[`src/m${at}.ts`] = this.#textOf(module, at);
        files[`src/all${at}.ts`] = `export * as all from './m${at}.ts';\n`;
      }
    for (const file of new Set(OPS.map(fileOf))) {
      const own = [...OPS.keys()].filter((at) => fileOf(OPS[at] ?? '') === file);
      const ops = own.map(
        (at) => `export const ${OPS[at]} = op('${OPS[at]}', async () => ${listOf(this.#ops[at] ?? [])});\n`,
      );
      const uses = own.flatMap((at) => this.#ops[at] ?? []);
      files[file] = `import { op } from '@memo/core';\n${importsOf(uses, -1)}${ops.join('')}`;
    }
    return files;
  }

  /** Edits it; says how. */
  edit(): string {
    const edits = [
      ['a value', () => this.#changeOne((one) => ({ ...one, value: one.value + 1 }))],
      ['a declaration more', () => this.#addDeclaration()],
      ['a declaration less', () => this.#removeDeclaration()],
      ['a use more', () => this.#changeUses((uses, at) => [...uses, ...this.#uses(at, 1)])],
      ['a use more', () => this.#changeUses((uses, at) => [...uses, ...this.#uses(at, 1)])],
      ['a use less', () => this.#changeUses((uses) => uses.slice(1))],
      ['another use', () => this.#changeUses((uses, at) => [...this.#uses(at, 1), ...uses.slice(1)])],
      ['another name', () => this.#rename(true)],
      ['another name in one place', () => this.#rename(false)],
      ['a file more', () => this.#changeUsesWith(this.#addModule())],
      ['a file less', () => this.#removeModule()],
      ['another kind', () => this.#changeOne((one) => ({ ...one, kind: this.#kind() }))],
      ['another order', () => this.#changeModule((one) => ({ ...one, declarations: one.declarations.toReversed() }))],
      ['an export', () => this.#changeOne((one) => ({ ...one, isExported: !one.isExported }))],
      [
        'an effect',
        () => this.#changeModule((one, at) => ({ ...one, effects: this.#some(one.effects, () => this.#uses(at, 1)) })),
      ],
      ['a star', () => this.#changeModule((one) => ({ ...one, stars: this.#some(one.stars, () => [this.#module()]) }))],
      [
        'a bare import',
        () => this.#changeModule((one) => ({ ...one, bare: this.#some(one.bare, () => [this.#module()]) })),
      ],
      [
        'a name handed on',
        () => this.#changeModule((one, at) => ({ ...one, passed: this.#some(one.passed, () => this.#uses(at, 1)) })),
      ],
      ['an op', () => this.#changeOps()],
    ] as const;
    const [name, make] = this.#random.pick(edits);
    make();
    return name;
  }

  #textOf({ declarations, stars, bare, effects, passed }: Module, at: number): string {
    const isMember = ({ kind }: Declaration): boolean => kind === 'member';
    const uses = [...declarations.flatMap((one) => (isMember(one) ? [] : one.uses)), ...effects];
    const whole = declarations.filter(isMember).flatMap((one) => one.uses.map(({ module }) => module));
    const isPackaged = declarations.some(({ kind }) => kind === 'packaged');
    const lines = [
      ...(isPackaged ? [`import { one, two } from 'dep';\n`] : []),
      importsOf(uses, at),
      ...[...new Set(whole)].map((module) => `import { all as all${module} } from './all${module}.ts';\n`),
      ...bare.map((module) => (module === PACKAGE ? `import 'dep';\n` : `import './m${module}.ts';\n`)),
      ...stars.map((module) => `export * from './m${module}.ts';\n`),
      ...passed
        .filter(({ module }) => module !== at)
        .map(({ module, name }) => `export { ${name} } from './m${module}.ts';\n`),
      ...declarations.map((one) => `${one.isExported ? 'export ' : ''}${declarationText(one)}\n`),
      ...effects.map(({ name }) => `${name}(${at});\n`),
    ];
    return lines.join('');
  }

  #kind(): Declaration['kind'] {
    const kind = this.#random.pick(KINDS);
    const isRestless = kind === 'made' || kind === 'writer' || kind === 'loader';
    return isRestless && this.#random.next() > this.#restless ? 'function' : kind;
  }

  #module(): number {
    return this.#random.below(this.#modules.length);
  }

  #uses(from: number, most: number): readonly Use[] {
    return Array.from({ length: 1 + this.#random.below(most) }).flatMap(() => {
      // Mostly modules further on, so that few import each other.
      const isAbove = this.#random.next() < 0.9 && from + 1 < this.#modules.length;
      const module = isAbove ? from + 1 + this.#random.below(this.#modules.length - from - 1) : this.#module();
      const names = (this.#modules[module]?.declarations ?? []).filter((one) => one.isExported || module === from);
      return names.length === 0 ? [] : [{ module, name: this.#random.pick(names).name }];
    });
  }

  #some<T>(list: readonly T[], more: () => readonly T[]): readonly T[] {
    if (this.#random.next() > this.#restless) return list;
    return list.length > 0 && this.#random.chance(0.5) ? list.slice(1) : [...list, ...more()];
  }

  #addModule(): number {
    const declarations = Array.from({ length: 2 + this.#random.below(3) }, () =>
      this.#declaration(this.#modules.length),
    );
    const bare = this.#random.next() < 0.1 ? [PACKAGE] : [];
    return this.#modules.push({ declarations, stars: [], bare, effects: [], passed: [], isGone: false }) - 1;
  }

  #declaration(at: number): Declaration {
    this.#names += 1;
    const [name, value] = [`n${this.#names}`, this.#random.below(900)];
    return { name, kind: this.#kind(), value, uses: this.#uses(at, 2), isExported: this.#random.next() < 0.8 };
  }

  #addDeclaration(): void {
    this.#changeModule((module, at) => {
      const place = this.#random.below(module.declarations.length + 1);
      return { ...module, isGone: false, declarations: module.declarations.toSpliced(place, 0, this.#declaration(at)) };
    });
  }

  /** With all that others take from it. */
  #removeModule(): void {
    const gone = this.#module();
    const without = (uses: readonly Use[]): readonly Use[] => uses.filter(({ module }) => module !== gone);
    const others = (modules: readonly number[]): readonly number[] => modules.filter((module) => module !== gone);
    this.#ops = this.#ops.map(without);
    this.#modules = this.#modules.map((module, at) => ({
      declarations: at === gone ? [] : module.declarations.map((one) => ({ ...one, uses: without(one.uses) })),
      stars: at === gone ? [] : others(module.stars),
      bare: at === gone ? [] : others(module.bare),
      effects: at === gone ? [] : without(module.effects),
      passed: at === gone ? [] : without(module.passed),
      isGone: module.isGone || at === gone,
    }));
  }

  /** Mostly one that nobody uses. */
  #removeDeclaration(): void {
    const used = new Set(this.#allUses().map(({ module, name }) => `${module} ${name}`));
    this.#changeModule((module, at) => {
      const isUsed = ({ name }: Declaration): boolean => used.has(`${at} ${name}`);
      const gone = module.declarations.find((one) => !isUsed(one) || this.#random.next() < 0.1);
      return { ...module, declarations: module.declarations.filter((one) => one !== gone) };
    });
  }

  #allUses(): readonly Use[] {
    const inModules = this.#modules.flatMap((one) => [
      ...one.declarations.flatMap(({ uses }) => uses),
      ...one.effects,
      ...one.passed,
    ]);
    return [...this.#ops.flat(), ...inModules];
  }

  #changeModule(change: (module: Module, at: number) => Module): void {
    const at = this.#module();
    this.#modules = this.#modules.map((module, place) => (place === at ? change(module, at) : module));
  }

  #changeOne(change: (one: Declaration, at: number) => Declaration): void {
    this.#changeModule((module, at) => {
      const place = this.#random.below(Math.max(1, module.declarations.length));
      return {
        ...module,
        declarations: module.declarations.map((one, index) => (index === place ? change(one, at) : one)),
      };
    });
  }

  #changeUses(change: (uses: readonly Use[], at: number) => readonly Use[]): void {
    this.#changeOne((one, at) => ({ ...one, uses: change(one.uses, at) }));
  }

  #changeUsesWith(module: number): void {
    const names = this.#modules[module]?.declarations.filter(({ isExported }) => isExported) ?? [];
    if (names.length === 0) return;
    this.#changeUses((uses) => [...uses, { module, name: this.#random.pick(names).name }]);
  }

  #changeOps(): void {
    const at = this.#random.below(OPS.length);
    this.#ops = this.#ops.map((uses, place) => (place === at ? [...this.#uses(-1, 1), ...uses.slice(1)] : uses));
  }

  #rename(everywhere: boolean): void {
    const at = this.#module();
    const one = this.#modules[at]?.declarations[0];
    if (one === undefined) return;
    this.#names += 1;
    const name = `n${this.#names}`;
    const used = (uses: readonly Use[]): readonly Use[] =>
      uses.map((use) => (everywhere && use.module === at && use.name === one.name ? { module: at, name } : use));
    this.#ops = this.#ops.map(used);
    this.#modules = this.#modules.map((module, place) => ({
      ...module,
      effects: used(module.effects),
      passed: used(module.passed),
      declarations: module.declarations.map((other) => ({
        ...other,
        uses: used(other.uses),
        name: place === at && other === one ? name : other.name,
      })),
    }));
  }
}

function importsOf(uses: readonly Use[], from: number): string {
  const modules = [...new Set(uses.map(({ module }) => module))].filter((module) => module !== from);
  return modules
    .map((module) => {
      const names = [...new Set(uses.flatMap((use) => (use.module === module ? [use.name] : [])))];
      return `import { ${names.join(', ')} } from './m${module}.ts';\n`;
    })
    .join('');
}

function listOf(uses: readonly Use[]): string {
  return `[${uses.map(({ name }) => name).join(', ')}]`;
}

function declarationText({ name, kind, value, uses }: Declaration): string {
  const list = listOf(uses);
  const calls = `[${[value, ...uses.map((use) => `${use.name}(${value})`)].join(', ')}]`;
  switch (kind) {
    case 'function':
      return `function ${name}(x: any): any { return ${calls}; }`;
    case 'arrow':
      return `const ${name} = (x: any): any => [x, ${list}, ${value}];`;
    case 'member':
      return `function ${name}(x: any): any { return [x, ${value}${uses.map((use) => `, all${use.module}.${use.name}`).join('')}]; }`;
    case 'constant':
      return `const ${name}: any = ${value};`;
    case 'object':
      return `const ${name}: any = { n: ${value}, get: () => ${list} };`;
    case 'class':
      return `class ${name} { n = ${value}; get(): any { return ${list}; } }`;
    case 'made':
      return `const ${name}: any = (${calls});`;
    case 'writer':
      return `function ${name}(x: any): any { ${uses.map((use) => `${use.name}.n = ${value};`).join(' ')} x.n = ${value}; }`;
    case 'loader':
      return `async function ${name}(x: any): Promise<any> { return [x, await import('./m${value % 3}.ts')${uses.map((use) => `, ${use.name}`).join('')}]; }`;
    case 'packaged':
      return `function ${name}(x: any): any { return [${value % 2 === 0 ? 'one' : 'two'}, ${list}]; }`;
    case 'reader':
      return `function ${name}(x: any): any { return [${value % 2 === 0 ? `process.env.A${value % 3}` : 'Date.now()'}, ${calls}]; }`;
  }
}
