import { resolve } from 'node:path';
import { digestList } from './digest.ts';
import { visibleFilesBelow } from './files-below.ts';
import { globExpression, isGlob } from './glob.ts';
import { relativePath } from './relative-path.ts';
import { FilesOnDisk, type SourceFiles } from './source-files.ts';

/** The files that globs match, each found once. */
export class GlobFiles {
  readonly #files: SourceFiles;
  readonly #found = new Map<string, { readonly isCurrent: () => boolean; readonly files: readonly string[] }>();

  readonly #changed = new Set<string>();

  constructor(files: SourceFiles = new FilesOnDisk()) {
    this.#files = files;
  }

  /** The paths of the files that a glob matches, in a fixed order; `base` is the directory that it is relative to. */
  matching(base: string, glob: string): readonly string[] {
    const key = `${base}\0${glob}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known.files;
    const files = filesMatching(base, glob, this.#files);
    this.#compare(key, files);
    const isCurrent = (): boolean => filesMatching(base, glob, new FilesOnDisk()).join('\0') === files.join('\0');
    this.#found.set(key, { isCurrent, files });
    return files;
  }

  /** True when a glob is known to have matched other files when code was loaded: some of them are gone, or some are new. */
  hasMatchedOthers(base: string, glob: string): boolean {
    return this.#changed.has(`${base}\0${glob}`);
  }

  #compare(key: string, files: readonly string[]): void {
    const leads = { name: 'glob', digest: digestList(files) };
    if (this.#files.hasLedElsewhere(key, leads)) this.#changed.add(key);
    else this.#files.noteLeads(key, leads);
  }

  /** True when every glob still matches the files that it did. */
  isCurrent(): boolean {
    return [...this.#found.values()].every(({ isCurrent }) => isCurrent());
  }
}

function filesMatching(base: string, glob: string, files: SourceFiles): readonly string[] {
  const segments = resolve(base, glob).split(/[\\/]/);
  const first = segments.findIndex(isGlob);
  const directory = segments.slice(0, first).join('/') || '/';
  const expression = new RegExp(`^${globExpression(segments.slice(first).join('/'))}$`);
  return visibleFilesBelow(directory, files).filter((file) => expression.test(relativePath(directory, file)));
}
