import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileIn, type Located } from './located.ts';
import { hasWildcard, literalPart, matching } from './path-pattern.ts';
import { isRawName } from './path-text.ts';
import type { GitScope } from './scope.ts';
import type { Snapshot } from './snapshot.ts';

export interface ScopeFiles {
  readonly files: readonly Located[];
  /** Submodules that are not followed, or not checked out. */
  readonly submodules: readonly Located[];
  /** Declared paths at which nothing is. */
  readonly missing: readonly string[];
}

export interface ScopeQuestion {
  readonly root: string;
  /** From the root; empty for the root itself. */
  readonly packageDirectory: string;
  readonly scope: GitScope;
  /** Declared patterns, from the root. */
  readonly patterns: readonly string[];
  readonly followsSubmodules: boolean;
}

const NONE: ScopeFiles = { files: [], submodules: [], missing: [] };

/**
 * The files of a scope beyond imports: those that git tracks and those that it would add. Ignored files count where a path names them.
 *
 * Throws M4020 and M4022.
 */
export async function scopeFiles(snapshot: Snapshot, question: ScopeQuestion): Promise<ScopeFiles> {
  const { root, scope, patterns, packageDirectory } = question;
  if (scope === 'imports') return NONE;
  if (typeof scope === 'string') {
    const below = scope === 'commit' || packageDirectory === '' ? [] : [packageDirectory];
    return followed(snapshot, root, { names: await snapshot.listed(root, below), follows: question.followsSubmodules });
  }
  if (patterns.length === 0) return NONE;
  const isMeant = matching(patterns);
  const literal = patterns.filter((pattern) => !hasWildcard(pattern));
  const listed = await snapshot.listed(root, belowOf(patterns));
  const named = literal.flatMap((pattern) => filesAt(root, pattern));
  const names = [...new Set([...listed.filter((name) => isMeant(name) || isAbove(name, patterns)), ...named])];
  const found = await followed(snapshot, root, { names, follows: question.followsSubmodules });
  return {
    ...found,
    files: found.files.filter((file) => isMeant(nameFrom(root, file))),
    missing: literal.filter((pattern) => !existsSync(join(root, pattern))),
  };
}

/** The path of a file from the root of the repository that a scope is of. */
export function nameFrom(root: string, file: Located): string {
  if (file.root === undefined || file.root === root) return file.name;
  return `${file.root.slice(root.length + 1).replaceAll('\\', '/')}/${file.name}`;
}

/** Where to list. The root, when a pattern may be anywhere. */
function belowOf(patterns: readonly string[]): readonly string[] {
  const below = patterns.map(literalPart);
  return below.includes('') ? [] : [...new Set(below)];
}

/** True for a submodule that patterns look into. */
function isAbove(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => literalPart(pattern).startsWith(`${name}/`));
}

/** The files at a path that is named without wildcards, ignored ones too. */
function filesAt(root: string, name: string): readonly string[] {
  const stats = lstatSync(join(root, name), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [name];
  if (name !== '' && existsSync(join(root, name, '.git'))) return [];
  return readdirSync(join(root, name)).flatMap((entry) => filesAt(root, `${name}/${entry}`));
}

interface Listing {
  readonly names: readonly string[];
  readonly follows: boolean;
}

/** Directories in a list of files are submodules, or repositories inside of this one. */
async function followed(snapshot: Snapshot, root: string, { names, follows }: Listing): Promise<ScopeFiles> {
  const files: Located[] = [];
  const submodules: Located[] = [];
  for (const name of names) {
    if (isRawName(name) || !isDirectory(join(root, name))) files.push(fileIn(root, name));
    else if (!follows || !existsSync(join(root, name, '.git'))) submodules.push(fileIn(root, name));
    else {
      const inside = join(root, name);
      const found = await followed(snapshot, inside, { names: await snapshot.listed(inside, []), follows });
      // One by one: a call takes no more arguments than its stack has room for.
      for (const file of found.files) files.push(file);
      for (const file of found.submodules) submodules.push(file);
    }
  }
  return { files, submodules, missing: [] };
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
