import { dirname, join, resolve } from 'node:path';
import { jsonProperty } from './json-form.ts';
import { jsonWithComments } from './json-with-comments.ts';
import type { SourceFiles } from './source-files.ts';

/** What of a tsconfig leads names to other files. Found in a comment it does no harm but to speed. */
const LEADING = /paths|baseUrl|rootDirs|moduleSuffixes|\\/;

/** What of a tsconfig brings others in. */
const FURTHER = /extends|references/;

/** A path that means one file, whoever reads it. */
const PLAIN_PATH = /^\.{1,2}(?:\/[\w.@-]+)*$/;

/** Says of tsconfigs whether they, and all that they bring in, leave it to packages where a name leads. All that decides it is noted by its files. */
export class PlainTsconfigs {
  readonly #files: SourceFiles;
  readonly #known = new Map<string, boolean>();

  constructor(files: SourceFiles) {
    this.#files = files;
  }

  isPlain(path: string): boolean {
    const isPlain = this.#known.get(path) ?? this.#areAllPlain(path);
    this.#known.set(path, isPlain);
    return isPlain;
  }

  #areAllPlain(path: string): boolean {
    const all = new Set([path]);
    for (const one of all) {
      const further = this.#broughtInBy(one);
      if (further === undefined) return false;
      for (const more of further)
        all.add(this.#files.kindOf(more) === 'directory' ? join(more, 'tsconfig.json') : more);
    }
    return true;
  }

  /** `undefined` for one that is not plain by itself. */
  #broughtInBy(path: string): readonly string[] | undefined {
    if (this.#files.kindOf(path) !== 'file') return undefined;
    const real = this.#files.realPath(path);
    const bytes = this.#files.read(real)?.bytes;
    const text = bytes?.toString('latin1');
    if (bytes === undefined || text === undefined || LEADING.test(text)) return undefined;
    if (!FURTHER.test(text)) return [];
    return real === path ? furtherOf(bytes)?.map((one) => resolve(dirname(path), one)) : undefined;
  }
}

/** The paths of the tsconfigs that one brings in; `undefined` where these are not plain. */
function furtherOf(bytes: Buffer): readonly string[] | undefined {
  const json = jsonWithComments(bytes);
  if (json === undefined) return undefined;
  const bases = [jsonProperty(json, 'extends') ?? []].flat();
  const references = [jsonProperty(json, 'references') ?? []].flat().map((one) => jsonProperty(one, 'path'));
  const isBase = (path: unknown): boolean => isPlainPath(path) && path.endsWith('.json');
  if (!bases.every(isBase)) return undefined;
  const paths = references.map((path) => (typeof path === 'string' && /^\w/.test(path) ? `./${path}` : path));
  return paths.every(isPlainPath) ? [...(bases as string[]), ...paths] : undefined;
}

function isPlainPath(path: unknown): path is string {
  return typeof path === 'string' && PLAIN_PATH.test(path);
}
