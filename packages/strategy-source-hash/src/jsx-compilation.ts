import type { CompilerOptions } from './compiler-options.ts';
import { DEFAULT_FACTORY } from './jsx-names.ts';
import type { SourceFacts } from './source-facts.ts';

/** The modules that the JSX of a file may be compiled to import. */
export function jsxRuntimes(facts: SourceFacts, options: CompilerOptions | undefined): readonly string[] {
  if (facts.jsxImportSource === undefined) return [];
  const source = facts.jsxImportSource || options?.jsxImportSource || 'react';
  return [`${source}/jsx-runtime`, `${source}/jsx-dev-runtime`];
}

/** The names that it may be compiled to use: those that comments say, else those of the options, else that of compilers without any. */
export function jsxFactories(facts: SourceFacts, options: CompilerOptions | undefined): readonly string[] {
  if (facts.jsxImportSource === undefined) return [];
  if (facts.jsxFactories.length > 0) return facts.jsxFactories;
  return options === undefined || options.jsxFactories.length === 0 ? [DEFAULT_FACTORY] : options.jsxFactories;
}
