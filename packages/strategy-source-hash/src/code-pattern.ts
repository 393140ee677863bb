import { resolve } from 'node:path';
import { globExpression, starExpression } from './glob.ts';
import { relativePath } from './relative-path.ts';

/** What an entry of `exclude` or `assumePure` names. */
export type CodePattern =
  | { readonly kind: 'package'; readonly text: string; readonly names: RegExp }
  | {
      readonly kind: 'code';
      readonly text: string;
      /** Of paths relative to the base of the pattern. */
      readonly files: RegExp;
      /** Of declared names; absent when files count as a whole. */
      readonly symbols?: RegExp;
    };

export const PACKAGE = 'package:';

/** Reads an entry that passed its check; a path is relative to `base`, and names all that is below a directory. */
export function codePattern(text: string, base: string): CodePattern {
  if (text.startsWith(PACKAGE)) return { kind: 'package', text, names: starExpression(text.slice(PACKAGE.length)) };
  const hash = text.lastIndexOf('#');
  const path = relativePath(base, resolve(base, hash === -1 ? text : text.slice(0, hash)));
  const files = new RegExp(path === '' ? '^(?!\\.\\.(?:/|$))' : `^${globExpression(path)}(?:/.*)?$`);
  return { kind: 'code', text, files, ...(hash !== -1 && { symbols: starExpression(text.slice(hash + 1)) }) };
}
