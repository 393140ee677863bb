import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Change } from '@memo/core/inspect';

type CodeChange = Extract<Change, { readonly kind: 'code' }>['changes'][number];

/** The sources behind a change of code. */
export interface SourceTexts {
  of(change: CodeChange): { readonly before: string; readonly after: string } | undefined;
  /** The same for changes that have the same sources. */
  key(change: CodeChange): unknown;
}

const LONGEST_MS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Sources as the strategy kept them; else, for a file, as it is now and as git had it at the commit of the earlier run. Where
 * that run was made from files that differ from their commit, git cannot tell, and nothing is shown.
 *
 * @param root directory that the names of files are relative to
 * @param commit of the earlier run; `undefined` where it is not known, or did not hold what ran
 */
export function sourceTexts(root: string, commit: string | undefined): SourceTexts {
  return {
    of: (change) => {
      const { what, name, before, after } = change;
      if (isSource(before) && isSource(after)) return { before, after };
      const file = fileOf(what, name);
      return file === undefined || commit === undefined ? undefined : ofFile(root, commit, file);
    },
    key: (change) => {
      const { what, name, before, after } = change;
      return isSource(before) && isSource(after) ? change : (fileOf(what, name) ?? change);
    },
  };
}

/** The file of a file, and of a symbol: `src/text.ts#clean`. */
function fileOf(what: string, name: string): string | undefined {
  if (what === 'file') return name;
  return what === 'symbol' && name.includes('#') ? name.slice(0, name.indexOf('#')) : undefined;
}

function isSource(text: string | undefined): text is string {
  return text !== undefined && /[\s(){};=]/.test(text);
}

function ofFile(root: string, commit: string, name: string): { before: string; after: string } | undefined {
  const path = relative(root, join(root, name));
  if (isAbsolute(path) || path.startsWith('..') || !/^[0-9a-f]{4,64}$/.test(commit)) return undefined;
  try {
    const after = readFileSync(join(root, path), 'utf8');
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    const before = execFileSync('git', ['show', `${commit}:./${path.split(sep).join('/')}`], {
      cwd: root,
      encoding: 'utf8',
      timeout: LONGEST_MS,
      maxBuffer: MOST_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return before === after ? undefined : { before, after };
  } catch {
    return undefined;
  }
}
