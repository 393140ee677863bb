import {
  type CodeChange,
  type CodeVersion,
  type Json,
  MemoError,
  type OpVersionContext,
  type ResourceVersionContext,
  type VersionStrategy,
} from '@memo/core/plugin';
import { type ClosureReader, closureReader } from './closure.ts';
import { codeVersion, type SourceHashPolicy } from './code-version.ts';
import { diffManifests } from './manifest.ts';
import { factsCache } from './process-cache.ts';

/** Options of {@link sourceHash}. All are optional. */
export interface SourceHashOptions {
  /**
   * What to do about code that a hash of source cannot cover (`eval`, a computed `import()`, files read by computed paths …):
   * - `warn` (default): give a version, with certainty `untrackable` and the places;
   * - `error`: refuse with M4010;
   * - `always-run`: give a version that is never re-used. Costs a run of the step each time.
   */
  readonly onUntrackable?: 'warn' | 'error' | 'always-run';
  /**
   * Files and directories that count for every op and resource beside their code, such as prompts, templates or a
   * `patches` directory: relative to the package that defines the op. Default: none. Costs reading them once a process.
   */
  readonly include?: readonly string[];
  /**
   * The tsconfig whose `paths` and compiler options the runner uses for all files. Default: the one nearest to each file,
   * which is right unless a runner was pointed to another.
   */
  readonly tsconfig?: string;
  /**
   * The directory that remembers what was found out about source texts, so that an unchanged file is parsed once and not once a process; a
   * relative path is one from the working directory. Default: `.memo/cache/source-hash` of the project, if it has a `.memo`. It may be
   * deleted at any time, and is to be trusted as much as the store. `false`: none, which costs about 10 ms a source file and process.
   */
  readonly cache?: false | string;
}

type Context = OpVersionContext | ResourceVersionContext;

/**
 * The version of an op is the source of everything that its code can reach: the file that defines it, all that this file
 * imports, directly or not, and the versions of the npm packages that they use. Comments, layout and types do not count.
 *
 * Throws M4007 when a file was edited after this process loaded it, M4009 when an op is not defined in a file, and M4010 for
 * untrackable code under `onUntrackable: 'error'`.
 */
export class SourceHashVersionStrategy implements VersionStrategy {
  readonly id = 'source-hash@1';
  readonly #policy: SourceHashPolicy;
  readonly #tsconfig: string | undefined;
  readonly #cache: false | string | undefined;

  constructor(options: SourceHashOptions = {}) {
    this.#policy = { onUntrackable: options.onUntrackable ?? 'warn', include: options.include ?? [] };
    this.#tsconfig = options.tsconfig;
    this.#cache = options.cache;
    checkOptions(this.#policy, options);
  }

  getOpVersion(context: OpVersionContext): CodeVersion {
    return this.#ask((reader) => codeVersion(context, reader, this.#policy));
  }

  getResourceVersion(context: ResourceVersionContext): CodeVersion {
    return this.#ask((reader) => codeVersion(context, reader, this.#policy));
  }

  /** All at once: files are looked at once, and every op that has no version is named in one error. */
  getVersions(contexts: readonly Context[]): readonly CodeVersion[] {
    return this.#ask((reader) => this.#versions(contexts, reader));
  }

  diffManifests(before: Json, after: Json): readonly CodeChange[] {
    return diffManifests(before, after);
  }

  #ask<T>(question: (reader: ClosureReader) => T): T {
    const cache = factsCache(this.#cache);
    try {
      return question(closureReader(this.#tsconfig, cache));
    } finally {
      cache?.flush();
    }
  }

  #versions(contexts: readonly Context[], reader: ClosureReader): readonly CodeVersion[] {
    const errors: MemoError[] = [];
    const versions = contexts.flatMap((context) => {
      try {
        return [codeVersion(context, reader, this.#policy)];
      } catch (error) {
        if (!MemoError.is(error)) throw error;
        errors.push(error);
        return [];
      }
    });
    const [first] = errors;
    if (first === undefined) return versions;
    throw errors.length === 1 ? first : gathered(first, errors);
  }
}

/** {@link SourceHashVersionStrategy} as a function: `job('training', { versions: sourceHash(), … })`. */
export function sourceHash(options?: SourceHashOptions): SourceHashVersionStrategy {
  return new SourceHashVersionStrategy(options);
}

/** One error for many: each file or place once, however many ops it concerns. */
function gathered(first: MemoError, errors: readonly MemoError[]): MemoError {
  const distinct = new Map(errors.map((error) => [`${error.code} ${error.place?.file ?? error.problem}`, error]));
  return new MemoError(first.code, `${errors.length} ops or resources have no version`, {
    ...(first.fix === undefined ? {} : { fix: first.fix }),
    place: first.place,
    details: first.details,
    errors: [...distinct.values()],
  });
}

function checkOptions({ onUntrackable, include }: SourceHashPolicy, { tsconfig, cache }: SourceHashOptions): void {
  if (!['warn', 'error', 'always-run'].includes(onUntrackable)) {
    throw new TypeError(
      `sourceHash: onUntrackable is 'warn', 'error' or 'always-run', not ${JSON.stringify(onUntrackable)}`,
    );
  }
  if (!Array.isArray(include) || include.some((path) => typeof path !== 'string')) {
    throw new TypeError('sourceHash: include is a list of paths');
  }
  if (tsconfig !== undefined && typeof tsconfig !== 'string') throw new TypeError('sourceHash: tsconfig is a path');
  if (cache !== undefined && cache !== false && (typeof cache !== 'string' || cache === '')) {
    throw new TypeError('sourceHash: cache is a directory, or false');
  }
}
