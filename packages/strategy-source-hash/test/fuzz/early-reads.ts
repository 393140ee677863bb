import type { Binding } from './binding.ts';
import { asImported, type ModuleDraft, specifierOf } from './module-draft.ts';
import type { Pen } from './pen.ts';

/** Lets a module read what is evaluated only after it: declared further below, or in a module that imports it. */
export function readEarly(module: ModuleDraft, others: readonly ModuleDraft[], pen: Pen): void {
  const at = pen.random.below(module.statements.length + 1);
  const later = laterBinding(module, others, at, pen);
  if (later === undefined) return;
  const [reader, seen] = [pen.fresh('early'), pen.fresh('seen')];
  const use = pen.random.chance(0.3) ? `typeof ${later.name}` : pen.read(later, 'n');
  const caught = `try { return ${use}; } catch (error: any) { return error.constructor.name; }`;
  const [text, read] = pen.random.pick(READERS)(reader, caught);
  const where = pen.random.below(at + 1);
  module.statements.splice(at, 0, `const ${seen}: any = ${read};`, `export { ${seen} };`);
  module.statements.splice(where, 0, text);
  module.exports.set(seen, { reads: [(name) => name, (name) => `String(${name})`], writes: [] });
}

function laterBinding(module: ModuleDraft, others: readonly ModuleDraft[], at: number, pen: Pen): Binding | undefined {
  const below = module.declared.filter((one) => one.at >= at).map(({ binding }) => binding);
  if (below.length > 0 && pen.random.chance(0.6)) return pen.random.pick(below);
  const from = pen.random.pick(others);
  const names = [...from.exports];
  if (from === module || names.length === 0) return undefined;
  const [exported, form] = pen.random.pick(names);
  const local = pen.fresh('i');
  module.imports.push(`import { ${exported} as ${local} } from '${specifierOf(from)}';`);
  return asImported(form, local);
}

/** Ways to read something as a module is evaluated: what is declared for it, and the expression. */
const READERS: readonly ((name: string, caught: string) => readonly [text: string, read: string])[] = [
  (name, caught) => [`function ${name}(n: any): any { ${caught} }`, `${name}(1)`],
  (name, caught) => [`const ${name} = { get a(): any { const n = 1; ${caught} } };`, `${name}.a`],
  (name, caught) => [`const ${name} = { toString(): any { const n = 1; ${caught} } };`, `\`\${${name}}\``],
  (name, caught) => [`class ${name} { static of(n: any): any { ${caught} } }`, `${name}.of(2)`],
  (name, caught) => [`class ${name} { a: any = ((n: any) => { ${caught} })(1); }`, `new ${name}().a`],
  (name, caught) => [`const ${name} = new Proxy({} as any, { get(_at, n: any): any { ${caught} } });`, `${name}.b`],
  (name, caught) => [
    `function ${name}_inner(n: any): any { ${caught} }\nfunction ${name}(n: any): any { return [n].map(${name}_inner)[0]; }`,
    `${name}(1)`,
  ],
  (name, caught) => [
    `const ${name} = { *[Symbol.iterator](): any { yield ((n: any) => { ${caught} })(1); } };`,
    `[...(${name} as any)].join()`,
  ],
];
