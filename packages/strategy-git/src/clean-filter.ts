import { askGit } from './git-program.ts';
import { blobId, lfsPointerId } from './object-id.ts';
import { bytesOfName, fieldsOf, nameOf } from './path-text.ts';
import type { Repository } from './repository.ts';

/** A file of a repository with what is in the work tree. */
export interface WorkFile {
  /** From the root of the work tree. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The ids that git would give to files if they were added now: line ends and encodings are converted as attributes and config say.
 * Filters that are programs run only with `runsFilters`. Without them the pointer of Git LFS is made here, and files with any
 * other filter are named by their own bytes.
 *
 * Throws M4020 and M4022.
 */
export async function addedIds(
  repository: Repository,
  files: readonly WorkFile[],
  runsFilters: boolean,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const forGit: WorkFile[] = [];
  const filters = await filtersOf(repository, files);
  for (const file of files) {
    const filter = filters.get(file.name);
    if (filter === 'lfs') ids.set(file.name, lfsPointerId(file.bytes, repository.format));
    else if (filter === undefined || runsFilters) forGit.push(file);
    else ids.set(file.name, blobId(file.bytes, repository.format));
  }
  for (const [name, id] of await idsByGit(repository, forGit)) ids.set(name, id);
  return ids;
}

/** The filter that attributes give to each file, by name; files without one have no entry. */
async function filtersOf(repository: Repository, files: readonly WorkFile[]): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const names = Buffer.concat(files.flatMap(({ name }) => [bytesOfName(name), Buffer.of(0)]));
  const fields = fieldsOf(await askGit(repository, ['check-attr', '-z', '--stdin', 'filter'], names));
  const filters = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const filter = fields[at + 2] ?? '';
    if (!UNFILTERED.has(filter)) filters.set(nameOf(fields[at] ?? ''), filter);
  }
  return filters;
}

const UNFILTERED: ReadonlySet<string> = new Set(['unspecified', 'unset', 'set', '']);

async function idsByGit(
  repository: Repository,
  files: readonly WorkFile[],
): Promise<readonly (readonly [string, string])[]> {
  if (files.length === 0) return [];
  const lines = Buffer.from(files.map(({ name }) => `${quoted(bytesOfName(name))}\n`).join(''), 'latin1');
  const ids = (await askGit(repository, ['hash-object', '--stdin-paths'], lines)).toString().split('\n');
  return files.map(({ name }, index) => [name, ids[index] ?? ''] as const);
}

/** A line that stands for a path whatever bytes are in it: in quotes, with octal escapes. */
function quoted(path: Buffer): string {
  const text = path.toString('latin1').replace(/[^ !#-[\]-~]/g, escaped);
  return `"${text}"`;
}

function escaped(byte: string): string {
  return `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
