import type { Binding, Declaration, Declare } from './binding.ts';
import { DECLARE_VALUES } from './declarations.ts';
import { readEarly } from './early-reads.ts';
import { DECLARE_FLOWS } from './flow-declarations.ts';
import { DECLARE_DECORATED } from './legacy-decorators.ts';
import { type ModuleDraft, newModule, specifierOf, textOf } from './module-draft.ts';
import { link } from './module-links.ts';
import { Pen } from './pen.ts';
import { RUNNABLES } from './programs-of-their-own.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SURROUNDINGS, type Use } from './surroundings.ts';
import { DECLARE_TIMERS } from './timer-declarations.ts';
import { DECLARE_TRAPS } from './trap-declarations.ts';

/** File texts by path. */
export type Program = Readonly<Record<string, string>>;

/** Every kind of declaration that programs are made of. */
const KINDS: readonly (readonly Declare[])[] = [
  DECLARE_VALUES,
  DECLARE_VALUES,
  DECLARE_VALUES,
  DECLARE_VALUES,
  DECLARE_TRAPS,
  DECLARE_TRAPS,
  DECLARE_FLOWS,
  DECLARE_FLOWS,
  DECLARE_TIMERS,
  DECLARE_DECORATED,
];

/** Names that several modules export, each for something of its own. */
const COMMON_NAMES = ['shared', 'common'];

/**
 * Writes random programs of several modules whose op `main` (in `src/ops.ts`) uses part of what they declare. All code
 * ends, and what it computes depends on much of what the op reaches.
 */
export class ProgramWriter {
  readonly #random: SeededRandom;
  readonly #modules: ModuleDraft[] = [];
  readonly #pen: Pen;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#pen = new Pen(random);
  }

  write(): Program {
    const count = 1 + this.#random.below(4);
    // The last module is evaluated first: each imports from those after it.
    for (let index = count; index >= 1; index -= 1) this.#modules.unshift(this.#module(`src/m${index}.ts`));
    this.#closeCycle();
    for (const module of this.#modules) if (this.#random.chance(0.35)) readEarly(module, this.#modules, this.#pen);
    const ops = this.#ops();
    return {
      ...Object.assign({}, ...SURROUNDINGS.map(({ files }) => files(this.#pen))),
      ...this.#runnables(),
      ...Object.fromEntries(this.#modules.map((module) => [module.file, textOf(module)])),
      'src/ops.ts': ops,
    };
  }

  /** Programs that use one of the modules. */
  #runnables(): Program {
    return Object.assign(
      {},
      ...RUNNABLES.map(({ file, files }) => {
        const module = newModule(file);
        link(module, this.#random.pick(this.#modules), this.#pen);
        return files(this.#pen, module, this.#pen.expression(module.eager, 'given'));
      }),
    ) as Program;
  }

  #module(file: string): ModuleDraft {
    const module = newModule(file);
    for (const other of this.#modules) if (this.#random.chance(0.7)) link(module, other, this.#pen);
    this.#useSurroundings(module);
    for (let left = 1 + this.#random.below(4); left > 0; left -= 1) {
      this.#declare(module);
      if (this.#random.chance(0.4)) this.#write(module);
      if (this.#random.chance(0.25)) this.#touch(module);
    }
    if (this.#random.chance(0.2)) module.statements.push(`console.log('loaded', ${this.#pen.literal()});`);
    return module;
  }

  #declare(module: ModuleDraft): void {
    const pen = this.#pen;
    const name = pen.fresh('k');
    const declaration = this.#random.pick(this.#random.pick(KINDS))({
      name,
      literal: () => pen.literal(),
      eager: () => pen.expression(module.eager, pen.literal()),
      lazy: (argument) => pen.expression(module.eager, argument),
      change: () => (this.#random.chance(0.6) ? pen.change(module.eager) : ''),
      fresh: (prefix) => pen.fresh(prefix),
    });
    module.statements.push(declaration.text);
    const binding = { ...declaration, name };
    module.declared.push({ binding, at: module.statements.length });
    module.eager.push(binding);
    this.#export(module, name, declaration);
  }

  #export(module: ModuleDraft, name: string, { text: _text, ...form }: Declaration): void {
    const common = this.#random.pick(COMMON_NAMES);
    const isDefault = !module.exports.has('default') && this.#random.chance(0.15);
    const isCommon =
      !isDefault && ![...module.imports, ...module.statements].some((one) => one.includes(`${common} }`));
    const other = isCommon && this.#random.chance(0.15) ? common : this.#random.chance(0.2) ? `${name}As` : name;
    const exported = isDefault ? 'default' : other;
    module.statements.push(`export { ${name}${exported === name ? '' : ` as ${exported}`} };`);
    module.exports.set(exported, form);
  }

  #useSurroundings(module: ModuleDraft): void {
    for (const { chance, use } of SURROUNDINGS) if (this.#random.chance(chance)) this.#use(module, use(this.#pen));
  }

  #use(module: ModuleDraft, { imports, statements, name, form }: Use): void {
    module.imports.push(...imports);
    module.statements.push(...(statements ?? []));
    module.eager.push({ ...form, name });
  }

  /** A statement that changes something which the module can reach. */
  #write(module: ModuleDraft): void {
    const change = this.#pen.change(module.eager);
    const statement = this.#random.chance(0.5) ? `try { ${change} } catch {}` : change;
    const form = this.#random.below(6);
    if (form === 0) module.statements.push(`if (${this.#pen.literalNumber()} > 20) { ${statement} }`);
    else if (form === 1) module.statements.push(`(function () { ${statement} })();`);
    else if (form === 2) {
      const name = this.#pen.fresh('effect');
      module.statements.push(`function ${name}() { ${statement} }\n${name}();`);
    } else module.statements.push(statement);
  }

  /** A statement that only reads something, which runs code where that has code for it. */
  #touch(module: ModuleDraft): void {
    const touched: readonly Binding[] = module.eager;
    if (touched.length === 0) return;
    const read = this.#pen.read(this.#random.pick(touched), this.#pen.literal());
    const statement = this.#random.pick<(read: string, name: string) => string>([
      (value) => `try { void (${value}); } catch {}`,
      (value) => `try { if (${value}) {} } catch {}`,
      (value, name) => `function ${name}() { return ${value}; }\ntry { ${name}(); } catch {}`,
      (value, name) => `const ${name}: any = [0].map(() => { try { return ${value}; } catch { return 0; } });`,
      (value) => `try { switch (${value} as any) { case 1: break; default: } } catch {}`,
      (value, name) => `let ${name}: any;\ntry { ({ ${name} = 1 } = { a: ${value} } as any); } catch {}`,
    ])(read, this.#pen.fresh('touch'));
    module.statements.push(statement);
  }

  /** The first module to be evaluated uses a function of the last one, which is there once functions run. */
  #closeCycle(): void {
    const [first, last] = [this.#modules.at(0), this.#modules.at(-1)];
    if (first === undefined || last === undefined || first === last || this.#random.chance(0.5)) return;
    const [name, back] = [this.#pen.fresh('back'), this.#pen.fresh('there')];
    first.statements.push(
      `export function ${name}(n: any): any { return n > 3 ? ${this.#pen.literal()} : ${back}(n + 1); }`,
    );
    last.imports.push(`import { ${name} } from '${specifierOf(first)}';`);
    last.statements.push(
      `export function ${back}(n: any): any { return n > 4 ? ${this.#pen.literal()} : ${name}(n + 1); }`,
    );
    first.imports.push(`import { ${back} } from '${specifierOf(last)}';`);
    first.exports.set(name, { reads: [(self, argument) => `${self}(${argument})`], writes: [], isNamed: true });
  }

  #ops(): string {
    const module = newModule('src/ops.ts');
    module.imports.push(`import { op } from '@memo/core';`);
    for (const other of this.#modules) if (this.#random.chance(0.8)) link(module, other, this.#pen);
    this.#declare(module);
    if (this.#random.chance(0.4)) this.#write(module);
    const asked = this.#random.chance(0.25) ? this.#random.pick(RUNNABLES).use(this.#pen) : undefined;
    if (asked !== undefined) this.#use({ ...module, eager: [] }, asked);
    const probes = Array.from({ length: 2 + this.#random.below(4) }, () => this.#probe(module));
    if (asked !== undefined) probes.push(`  out.push(await ${asked.name}(x));\n`);
    return `${textOf(module)}${this.#definition(`async (x: any) => {\n  const out: any[] = [];\n${probes.join('')}  return out;\n}`)}`;
  }

  #probe(module: ModuleDraft): string {
    const [exported] = this.#random.chance(0.2) ? this.#random.pick(this.#modules).exports.keys() : [];
    const value = exported === undefined ? this.#pen.expression(module.eager, 'x') : this.#lateRead(exported);
    return `  try { out.push(${this.#random.chance(0.5) ? 'await ' : ''}${value}); } catch (error: any) { out.push(error.constructor.name); }\n`;
  }

  /** An export that is read from a module which is loaded only then, and which may lack it. */
  #lateRead(exported: string): string {
    const other = this.#random.chance(0.15) ? { file: 'src/m9.ts' } : this.#random.pick(this.#modules);
    const load = `await import('${specifierOf(other)}')`;
    if (this.#random.chance(0.5)) return `typeof (${load} as any).${exported}`;
    const held = this.#pen.fresh('held');
    return `await (async () => { const ${held}: any = ${load}; return [typeof ${held}.${exported}, ${held}.${exported}?.a].join(); })()`;
  }

  #definition(run: string): string {
    switch (this.#random.below(5)) {
      case 0:
        return `const run = ${run};\nexport const main = op('main', run);\n`;
      case 1:
        return `const make = (k: any) => op('main', async (x: any) => [k, await (${run})(x)]);\nexport const main = make(${this.#pen.literal()});\nexport const other = make(${this.#pen.literal()});\n`;
      case 2:
        return `const wrap = (f: any): any => async (x: any) => [await f(x), ${this.#pen.literal()}];\nexport const main = op('main', wrap(${run}));\n`;
      default:
        return `export const main = op('main', ${run});\nexport const other = op('other', async () => ${this.#pen.literal()});\n`;
    }
  }
}
