import { asImported, type ModuleDraft, specifierOf } from './module-draft.ts';
import type { Pen } from './pen.ts';

/** One way of many to import some of a module, or to pass it on. */
export function link(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  switch (pen.random.below(9)) {
    case 0:
      module.imports.push(`import '${specifierOf(from)}';`);
      return linkNames(module, from, pen);
    case 1:
    case 2:
      return linkNamespace(module, from, pen);
    case 3:
      return passAllOn(module, from, pen);
    case 4:
      return passNamesOn(module, from, pen);
    case 5:
      return loadWhileLoaded(module, from, pen);
    default:
      return linkNames(module, from, pen);
  }
}

function linkNames(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  for (const [exported, form] of from.exports) {
    if (pen.random.chance(0.4)) continue;
    const local = pen.fresh('i');
    module.imports.push(`import { ${exported} as ${local} } from '${specifierOf(from)}';`);
    module.eager.push(asImported(form, local));
  }
}

function linkNamespace(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  const local = pen.fresh('ns');
  module.imports.push(`import * as ${local} from '${specifierOf(from)}';`);
  for (const [exported, form] of from.exports) {
    module.eager.push(asImported(form, memberOf(local, exported, pen)));
  }
  if (pen.random.chance(0.3)) {
    const reads = [(name: string) => `Object.keys(${name}).map((key) => typeof (${name} as any)[key]).join()`];
    module.eager.push({ name: local, reads, writes: [] });
  }
}

function passAllOn(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  if (pen.random.chance(0.4)) return passNamespaceOn(module, from, pen);
  module.imports.push(`export * from '${specifierOf(from)}';`);
  for (const [exported, form] of from.exports) {
    if (exported === 'default') continue;
    // Two modules may pass on what they call the same: then nobody gets it.
    if (module.exports.has(exported)) module.exports.delete(exported);
    else module.exports.set(exported, form);
  }
}

/** A namespace under the name of an export, of which members are read, or all. */
function passNamespaceOn(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  const name = pen.fresh('all');
  const local = pen.random.chance(0.5) ? pen.fresh('ns') : undefined;
  if (local === undefined) module.imports.push(`export * as ${name} from '${specifierOf(from)}';`);
  else module.imports.push(`import * as ${local} from '${specifierOf(from)}';`, `export { ${local} as ${name} };`);
  const members = [...from.exports].map(([exported, form]) => ({ exported, form: asImported(form, exported) }));
  const keys = pen.random.chance(0.3) ? [(self: string) => `Object.keys(${self}).join()`] : [];
  module.exports.set(name, {
    reads: [
      (self) => `typeof ${memberOf(self, 'missing', pen)}`,
      ...keys,
      ...members.flatMap(({ exported, form }) =>
        form.reads.map((read) => (self: string, argument: string) => read(memberOf(self, exported, pen), argument)),
      ),
    ],
    writes: members.flatMap(({ exported, form }) =>
      form.writes.map((write) => (self: string, literal: string) => write(memberOf(self, exported, pen), literal)),
    ),
  });
}

function memberOf(namespace: string, exported: string, pen: Pen): string {
  const how = pen.random.below(10);
  if (how === 0) return `(${namespace} as any)['${exported}']`;
  return how < 3 ? `(${namespace} as any).${exported}` : `${namespace}.${exported}`;
}

function passNamesOn(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  for (const [exported, form] of from.exports) {
    if (pen.random.chance(0.4)) continue;
    const name = pen.random.chance(0.3) ? pen.fresh('passed') : exported;
    if (module.exports.has(name)) continue;
    module.imports.push(`export { ${exported}${name === exported ? '' : ` as ${name}`} } from '${specifierOf(from)}';`);
    module.exports.set(name, form);
  }
}

/** `await import()` at the top level, and functions that load when they are called. */
function loadWhileLoaded(module: ModuleDraft, from: ModuleDraft, pen: Pen): void {
  for (const [exported, form] of from.exports) {
    const name = pen.fresh('loaded');
    const load = `import('${specifierOf(from)}')`;
    const how = pen.random.below(5);
    if (how === 0) {
      module.statements.push(`const ${name}: any = (await ${load}).${exported};`);
      module.eager.push(asImported(form, name));
    } else if (how === 1) {
      module.statements.push(`const { ${exported}: ${name} }: any = await ${load};`);
      module.eager.push(asImported(form, name));
    } else if (how < 4) {
      const text =
        how === 2
          ? `async (n: any): Promise<any> => { const { ${exported}: taken }: any = await ${load}; return [n, typeof taken, String(taken)].join(); }`
          : `(n: any): Promise<any> => ${load}.then((all: any) => [n, typeof all.${exported}, all.${exported}?.a].join())`;
      module.statements.push(`const ${name} = ${text};`);
      module.eager.push({ name, reads: [(self, argument) => `${self}(${argument})`], writes: [], isNamed: true });
    }
  }
}
