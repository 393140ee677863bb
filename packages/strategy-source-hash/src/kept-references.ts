import type { CompilerOptions } from './compiler-options.ts';
import { jsxRuntimes } from './jsx-compilation.ts';
import type { ModuleReference } from './module-references.ts';
import type { SourceFacts } from './source-facts.ts';

/** The references of a file that are left when its types are gone, and those that its JSX is compiled to. */
export function keptReferences(
  facts: SourceFacts,
  options: CompilerOptions | undefined,
  { nativeTypes }: { readonly nativeTypes: boolean },
): readonly ModuleReference[] {
  const keepsTypeImports = options?.keepsTypeImports === true || nativeTypes;
  const kept = facts.references.filter((reference) => reference.elidable !== 'marked' || keepsTypeImports);
  const runtimes = jsxRuntimes(facts, options).map(
    (specifier): ModuleReference => ({ kind: 'import', specifier, lazy: false, elidable: 'unused', offset: 0 }),
  );
  return [...kept, ...runtimes];
}
