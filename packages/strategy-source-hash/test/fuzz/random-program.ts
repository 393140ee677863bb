import type { Binding, Declaration, Form } from './binding.ts';
import { DECLARE } from './declarations.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type Pen, SURROUNDINGS, workerFile, workerUse } from './surroundings.ts';

/** File texts by path. */
export type Program = Readonly<Record<string, string>>;

/** A module of a program while it is written. */
interface Module {
  readonly file: string;
  readonly imports: string[];
  readonly statements: string[];
  /** What its own top level may use; imported bindings are there too. */
  readonly eager: Binding[];
  /** What only its functions may use: modules that are evaluated later. */
  readonly lazy: Binding[];
  /** What it declares and exports, by exported name. */
  readonly exports: Map<string, Form>;
}

const OPERATORS = ['+', '-', '*', '===', '<', '&&', '??'] as const;

/**
 * Writes random programs of several modules whose op `main` (in `src/ops.ts`) uses part of what they declare. All code
 * ends, and what it computes depends on much of what the op reaches.
 */
export class ProgramWriter {
  readonly #random: SeededRandom;
  readonly #modules: Module[] = [];
  readonly #pen: Pen;
  #names = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#pen = {
      random,
      literal: () => this.#literal(),
      literalNumber: () => this.#literalNumber(),
      fresh: (prefix) => this.#fresh(prefix),
    };
  }

  write(): Program {
    const count = 1 + this.#random.below(4);
    // The last module is evaluated first: each imports from those after it.
    for (let index = count; index >= 1; index -= 1) this.#modules.unshift(this.#module(`src/m${index}.ts`));
    this.#closeCycle();
    const ops = this.#ops();
    return {
      'package.json': '{"name":"p","type":"module","dependencies":{"inner":"1.0.0","outer":"1.0.0"}}',
      ...Object.assign({}, ...SURROUNDINGS.map(({ files }) => files(this.#pen))),
      ...this.#worker(),
      ...Object.fromEntries(this.#modules.map((module) => [module.file, textOf(module)])),
      'src/ops.ts': ops,
    };
  }

  /** A worker that uses one of the modules. */
  #worker(): Program {
    const module: Module = {
      file: 'src/task.ts',
      imports: [],
      statements: [],
      eager: [],
      lazy: [],
      exports: new Map(),
    };
    this.#import(module, this.#random.pick(this.#modules));
    return workerFile(this.#pen, module.imports, this.#expression(module.eager, 'given'));
  }

  #module(file: string): Module {
    const module: Module = { file, imports: [], statements: [], eager: [], lazy: [], exports: new Map() };
    for (const other of this.#modules) if (this.#random.chance(0.7)) this.#import(module, other);
    this.#useSurroundings(module);
    for (let left = 1 + this.#random.below(4); left > 0; left -= 1) {
      this.#declare(module);
      if (this.#random.chance(0.5)) this.#write(module);
    }
    if (this.#random.chance(0.2)) module.statements.push(`console.log('loaded', ${this.#literal()});`);
    return module;
  }

  #declare(module: Module): void {
    const name = this.#fresh('k');
    const declaration = this.#random.pick(DECLARE)({
      name,
      literal: () => this.#literal(),
      eager: () => this.#expression(module.eager, this.#literal()),
      lazy: (argument) => this.#expression([...module.eager, ...module.lazy], argument),
      fresh: (prefix) => this.#fresh(prefix),
    });
    module.statements.push(declaration.text);
    module.eager.push({ ...declaration, name });
    this.#export(module, name, declaration);
  }

  #export(module: Module, name: string, { text: _text, ...form }: Declaration): void {
    const isDefault = !module.exports.has('default') && this.#random.chance(0.15);
    const exported = isDefault ? 'default' : this.#random.chance(0.2) ? `${name}As` : name;
    module.statements.push(`export { ${name}${exported === name ? '' : ` as ${exported}`} };`);
    module.exports.set(exported, form);
  }

  /** One way of many to import some of a module, or to pass it on. */
  #import(module: Module, from: Module): void {
    const specifier = `./${from.file.slice('src/'.length).replace('.ts', '.js')}`;
    const how = this.#random.below(7);
    if (how === 0) module.imports.push(`import '${specifier}';`);
    if (how === 1 || how === 2) return this.#importNamespace(module, from, specifier);
    if (how === 3) return this.#reexportStar(module, from, specifier);
    for (const [exported, form] of from.exports) {
      if (this.#random.chance(0.4)) continue;
      if (how === 4 && !module.exports.has(exported)) {
        module.imports.push(`export { ${exported} } from '${specifier}';`);
        module.exports.set(exported, form);
        continue;
      }
      const local = this.#fresh('i');
      module.imports.push(`import { ${exported} as ${local} } from '${specifier}';`);
      module.eager.push(asImported(form, local));
    }
  }

  #importNamespace(module: Module, from: Module, specifier: string): void {
    const local = this.#fresh('ns');
    module.imports.push(`import * as ${local} from '${specifier}';`);
    for (const [exported, form] of from.exports) {
      module.eager.push(
        asImported(form, this.#random.chance(0.9) ? `${local}.${exported}` : `(${local} as any)['${exported}']`),
      );
    }
    if (this.#random.chance(0.3)) {
      const reads = [(name: string) => `Object.keys(${name}).map((key) => typeof (${name} as any)[key]).join()`];
      module.eager.push({ name: local, reads, writes: [] });
    }
  }

  #reexportStar(module: Module, from: Module, specifier: string): void {
    if (this.#random.chance(0.3)) {
      const name = this.#fresh('all');
      module.imports.push(`export * as ${name} from '${specifier}';`);
      module.exports.set(name, { reads: [(self) => `Object.keys(${self}).join()`], writes: [] });
      return;
    }
    module.imports.push(`export * from '${specifier}';`);
    for (const [exported, form] of from.exports) {
      if (exported !== 'default' && !module.exports.has(exported)) module.exports.set(exported, form);
    }
  }

  #useSurroundings(module: Module): void {
    for (const { chance, use } of SURROUNDINGS) if (this.#random.chance(chance)) this.#use(module, use(this.#pen));
  }

  #use(module: Module, { imports, statements, name, form }: ReturnType<typeof workerUse>): void {
    module.imports.push(...imports);
    module.statements.push(...(statements ?? []));
    module.eager.push({ ...form, name });
  }

  /** A statement that changes something which the module can reach. */
  #write(module: Module): void {
    const targets = module.eager.filter(({ writes }) => writes.length > 0);
    if (targets.length === 0) return;
    const target = this.#random.pick(targets);
    const statement = this.#random.pick(target.writes)(target.name, this.#expression(module.eager, this.#literal()));
    const form = this.#random.below(6);
    if (form === 0) module.statements.push(`if (${this.#literalNumber()} > 20) { ${statement} }`);
    else if (form === 1) module.statements.push(`(function () { ${statement} })();`);
    else if (form === 2) {
      const name = this.#fresh('effect');
      module.statements.push(`function ${name}() { ${statement} }\n${name}();`);
    } else module.statements.push(statement);
  }

  /** The first module to be evaluated uses a function of the last one, which is there once functions run. */
  #closeCycle(): void {
    const [first, last] = [this.#modules.at(0), this.#modules.at(-1)];
    if (first === undefined || last === undefined || first === last || this.#random.chance(0.5)) return;
    const [name, back] = [this.#fresh('back'), this.#fresh('there')];
    first.statements.push(
      `export function ${name}(n: any): any { return n > 3 ? ${this.#literal()} : ${back}(n + 1); }`,
    );
    last.imports.push(`import { ${name} } from './${first.file.slice('src/'.length).replace('.ts', '.js')}';`);
    last.statements.push(
      `export function ${back}(n: any): any { return n > 4 ? ${this.#literal()} : ${name}(n + 1); }`,
    );
    first.imports.push(`import { ${back} } from './${last.file.slice('src/'.length).replace('.ts', '.js')}';`);
    first.exports.set(name, { reads: [(self, argument) => `${self}(${argument})`], writes: [], isNamed: true });
  }

  #ops(): string {
    const module: Module = { file: 'src/ops.ts', imports: [], statements: [], eager: [], lazy: [], exports: new Map() };
    module.imports.push(`import { op } from '@memo/core';`);
    for (const other of this.#modules) if (this.#random.chance(0.8)) this.#import(module, other);
    this.#declare(module);
    if (this.#random.chance(0.4)) this.#write(module);
    const worker = this.#random.chance(0.15) ? workerUse(this.#pen) : undefined;
    if (worker !== undefined) this.#use({ ...module, eager: [] }, worker);
    const probes = Array.from({ length: 2 + this.#random.below(4) }, () => this.#probe(module));
    if (worker !== undefined) probes.push(`  out.push(await ${worker.name}(x));\n`);
    return `${textOf(module)}${this.#definition(`async (x: any) => {\n  const out: any[] = [];\n${probes.join('')}  return out;\n}`)}`;
  }

  #probe(module: Module): string {
    const [exported] = this.#random.chance(0.2) ? this.#random.pick(this.#modules).exports.keys() : [];
    const value = exported === undefined ? this.#expression(module.eager, 'x') : this.#lateRead(exported);
    return `  try { out.push(${value}); } catch (error: any) { out.push(error.constructor.name); }\n`;
  }

  /** An export that is read from a module which is loaded only then, and which may lack it. */
  #lateRead(exported: string): string {
    const { file } = this.#random.pick(this.#modules);
    const load = `await import('./${file.slice('src/'.length).replace('.ts', '.js')}')`;
    if (this.#random.chance(0.5)) return `typeof (${load} as any).${exported}`;
    const held = this.#fresh('held');
    return `await (async () => { const ${held}: any = ${load}; return [typeof ${held}.${exported}, ${held}.${exported}?.a].join(); })()`;
  }

  #definition(run: string): string {
    switch (this.#random.below(5)) {
      case 0:
        return `const run = ${run};\nexport const main = op('main', run);\n`;
      case 1:
        return `const make = (k: any) => op('main', async (x: any) => [k, await (${run})(x)]);\nexport const main = make(${this.#literal()});\nexport const other = make(${this.#literal()});\n`;
      case 2:
        return `const wrap = (f: any): any => async (x: any) => [await f(x), ${this.#literal()}];\nexport const main = op('main', wrap(${run}));\n`;
      default:
        return `export const main = op('main', ${run});\nexport const other = op('other', async () => ${this.#literal()});\n`;
    }
  }

  #expression(usable: readonly Binding[], argument: string): string {
    if (usable.length === 0 || this.#random.chance(0.1)) {
      return this.#random.chance(0.5)
        ? this.#literal()
        : `(${argument} ${this.#random.pick(OPERATORS)} ${this.#literal()})`;
    }
    const binding = this.#random.pick(usable);
    const read = this.#random.pick(binding.reads)(binding.name, this.#random.chance(0.3) ? this.#literal() : argument);
    const rest = this.#random.below(5);
    if (rest === 0) return `(${read} ${this.#random.pick(['+', '-', '*', '===', '<', '??'])} ${this.#literal()})`;
    if (rest === 1) return `[${read}, ${this.#expression(usable, argument)}].join()`;
    if (rest === 2) return `(${argument} > 1 ? ${read} : ${this.#literal()})`;
    return read;
  }

  #literal(): string {
    const kind = this.#random.below(8);
    if (kind === 0) return `'s${this.#random.below(99)}'`;
    if (kind === 1) return this.#random.pick(['true', 'null', '1.5', '0', '-1']);
    return String(this.#literalNumber());
  }

  #literalNumber(): number {
    return this.#random.below(98) + 1;
  }

  #fresh(prefix: string): string {
    this.#names += 1;
    return `${prefix}_${this.#names}`;
  }
}

function asImported({ isOwnWrite, ...form }: Form, name: string): Binding {
  return { ...form, name, writes: isOwnWrite === true ? [] : form.writes };
}

function textOf({ imports, statements }: Module): string {
  return `${[...imports, ...statements].join('\n')}\n`;
}
