import { gitFailed } from './git-errors.ts';
import { askGit, type GitPlace, runGitNow } from './git-program.ts';
import type { ObjectFormat } from './object-id.ts';
import { fieldsOf, isRawName, nameOf } from './path-text.ts';

/** A repository as it was when it was asked. */
export interface Repository extends GitPlace {
  readonly format: ObjectFormat;
  /** The commit that is checked out; `undefined` before the first one. */
  readonly head: string | undefined;
}

/** The ids of what a commit holds, by path from the root of the work tree. */
export type Tree = ReadonlyMap<string, string>;

/**
 * Opens the repository whose work tree begins in a directory.
 *
 * Throws M4020 and M4022.
 */
export function openRepository(place: GitPlace): Repository {
  const asked = ['rev-parse', '--show-object-format', '--is-inside-work-tree', '--show-cdup', 'HEAD'];
  const { output, failure } = runGitNow(place, asked);
  const [format, inside, up, head = ''] = output.toString().split('\n');
  // Before the first commit HEAD leads nowhere: git repeats the word, and fails.
  if (failure !== undefined && head !== 'HEAD') throw failure;
  if (format !== 'sha1' && format !== 'sha256') throw gitFailed(place.root, 'rev-parse', `objects of kind ${format}`);
  if (inside !== 'true' || up !== '') throw gitFailed(place.root, 'rev-parse', 'its work tree begins elsewhere');
  return { ...place, format, head: failure === undefined ? head : undefined };
}

/** As many directories as a command line surely takes; for more the whole tree is listed. */
const MOST_PATTERNS = 400;
const LONGEST_PATTERNS = 60_000;

/**
 * What the checked-out commit holds at least in the directories of some files, in one call. All of it without `files`.
 *
 * Throws M4020 and M4022.
 */
export async function readTree(repository: Repository, files?: readonly string[]): Promise<Tree> {
  if (repository.head === undefined) return new Map();
  const patterns = files === undefined ? undefined : patternsFor(files);
  const which = patterns === undefined ? ['-r'] : [];
  const asked = ['ls-tree', '-z', '--full-tree', ...which, repository.head, '--', ...(patterns ?? [])];
  const tree = new Map<string, string>();
  for (const line of fieldsOf(await listed(repository, asked, patterns === undefined))) {
    // <mode> <kind> <id>, a tab, and the name.
    const tab = line.indexOf('\t');
    const [kind, id] = [line.indexOf(' ') + 1, line.lastIndexOf(' ', tab) + 1];
    if (!line.startsWith('tree ', kind)) tree.set(nameOf(line.slice(tab + 1)), line.slice(id, tab));
  }
  return tree;
}

/** A whole tree takes git a while, some directories do not. */
async function listed(repository: Repository, asked: readonly string[], isWhole: boolean): Promise<Buffer> {
  if (isWhole) return askGit(repository, asked);
  const { output, failure } = runGitNow(repository, asked);
  if (failure !== undefined) throw failure;
  return output;
}

function patternsFor(files: readonly string[]): readonly string[] | undefined {
  const patterns = new Set(files.map((file) => file.slice(0, file.lastIndexOf('/') + 1) || file));
  const length = [...patterns].reduce((sum, pattern) => sum + pattern.length + 1, 0);
  return patterns.size > MOST_PATTERNS || length > LONGEST_PATTERNS || files.some(isRawName)
    ? undefined
    : [...patterns];
}
