import { join } from 'node:path';
import type { Json } from '@memo/core/plugin';
import { askGitNow } from './git-program.ts';
import { recordOf } from './manifest-part.ts';
import { nameOf } from './path-text.ts';

/** The commits that contents came from. */
export interface CommitNames {
  /** `77ab03e 2026-03-01`; `undefined` where the history does not tell. */
  of(file: string, id: string): string | undefined;
}

interface Question {
  readonly before: Json;
  readonly after: Json;
  /** Paths as they are in the manifests. */
  readonly files: readonly string[];
}

/** For more files than that commits are not looked up, nor further back than that. */
const MOST_FILES = 200;
const MOST_COMMITS = 5_000;

/** Looks up commits, with one call of git for each repository. */
export function commitNames(
  { before, after, files }: Question,
  { git, roots }: { readonly git: string; readonly roots: readonly string[] },
): CommitNames {
  const found = new Map<string, string>();
  const sides = [recordOf(before, 'commits'), recordOf(after, 'commits')] as const;
  for (const [repository, own] of byRepository(files.slice(0, MOST_FILES), sides[1])) {
    const commits = sides.flatMap((side) => validCommit(side.get(repository)) ?? []);
    for (const root of roots) {
      const place = { git, root: repository === '.' ? root : join(root, repository) };
      const output = askLog(place, commits, own);
      if (output === undefined) continue;
      for (const [name, id, commit] of introductions(output)) {
        const key = `${repository === '.' ? '' : `${repository}/`}${name}\0${id.slice(0, ID_DIGITS)}`;
        if (!found.has(key)) found.set(key, commit);
      }
      break;
    }
  }
  return { of: (file, id) => found.get(`${file}\0${id}`) };
}

/** As people write commits. */
const SHORT_COMMIT = 7;

/** As many digits as manifests have. */
const ID_DIGITS = 16;

/** The files of each repository, from its root. Files outside of repositories begin with dots. */
function byRepository(
  files: readonly string[],
  commits: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const inner = [...commits.keys()].filter((path) => path !== '.').sort((left, right) => right.length - left.length);
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const repository = inner.find((path) => file.startsWith(`${path}/`)) ?? '.';
    const name = repository === '.' ? file : file.slice(repository.length + 1);
    if (!name.startsWith('../')) groups.set(repository, [...(groups.get(repository) ?? []), name]);
  }
  return groups;
}

/** Manifests come from stores: what is no commit must not reach a command line. */
function validCommit(commit: string | undefined): string | undefined {
  return commit !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit) ? commit : undefined;
}

/** The commits that changed the files, newest first; without the older side where the history was cut off. */
function askLog(
  place: { readonly git: string; readonly root: string },
  commits: readonly string[],
  files: readonly string[],
): Buffer | undefined {
  const format = ['log', `--max-count=${MOST_COMMITS}`, '-z', '--format=tformat:commit %H %as', '--raw', '--no-abbrev'];
  const plain = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
  const ask = (from: readonly string[]): Buffer | undefined =>
    from.length === 0 ? undefined : askGitNow(place, [...format, ...plain, ...from, '--', ...files]);
  return ask(commits) ?? ask(commits.slice(-1)) ?? ask(commits.slice(0, 1));
}

/** Each content that a commit brought to a path: path, id, and the commit with its author's date. */
function* introductions(output: Buffer): Generator<readonly [name: string, id: string, commit: string]> {
  let commit = '';
  const fields = output.toString('latin1').split('\0');
  for (const [index, field] of fields.entries()) {
    const line = field.replace(/^\n/, '');
    const [, named, date] = /^commit ([0-9a-f]+) (\S+)$/.exec(line) ?? [];
    if (named !== undefined) commit = `${named.slice(0, SHORT_COMMIT)} ${date}`;
    const [, id] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(line) ?? [];
    if (id !== undefined) yield [nameOf(fields[index + 1] ?? ''), id, commit];
  }
}
