import type { Binding, Form } from './binding.ts';

/** A module of a program while it is written. */
export interface ModuleDraft {
  readonly file: string;
  readonly imports: string[];
  readonly statements: string[];
  /** What its own top level may use; imported bindings are there too. */
  readonly eager: Binding[];
  /** What it declares and exports, by exported name. */
  readonly exports: Map<string, Form>;
  /** The names that it declares, each with the statement after which it is there. */
  readonly declared: { readonly binding: Binding; readonly at: number }[];
}

export function newModule(file: string): ModuleDraft {
  return { file, imports: [], statements: [], eager: [], exports: new Map(), declared: [] };
}

export function textOf({ imports, statements }: ModuleDraft): string {
  return `${[...imports, ...statements].join('\n')}\n`;
}

/** How other modules of the same directory name it. */
export function specifierOf({ file }: Pick<ModuleDraft, 'file'>): string {
  return `./${file.slice('src/'.length).replace('.ts', '.js')}`;
}

/** An imported name cannot be assigned. */
export function asImported({ isOwnWrite, ...form }: Form, name: string): Binding {
  return { ...form, name, writes: isOwnWrite === true ? [] : form.writes };
}
