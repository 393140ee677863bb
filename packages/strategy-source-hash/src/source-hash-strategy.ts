import type {
  BundledVersions,
  CodeChange,
  CodeVersion,
  Json,
  OpVersionContext,
  ResourceVersionContext,
  Uncertainty,
  VersionStrategy,
} from '@memo/core/plugin';
import { bundledVersionsOf } from './bundled-versions.ts';
import { codeInquiry } from './code-inquiry.ts';
import { type CodeAnswer, codeVersion, type SourceHashPolicy } from './code-version.ts';
import { answersIn, askRemembering, type LoadedCodeOptions, type Outcome, outcomesOf } from './loaded-code.ts';
import { diffManifests } from './manifest.ts';
import { OverridesByOp, type SourceOverrides } from './overrides.ts';
import { sourceCache } from './process-cache.ts';

/** Options of {@link sourceHash}. All are optional. */
export interface SourceHashOptions extends LoadedCodeOptions, SourceOverrides {
  /**
   * What to do about code that a hash of source cannot cover (`eval`, a computed `import()`, files read by computed paths …):
   * - `warn` (default): give a version, with certainty `untrackable` and the places;
   * - `error`: refuse with M4010;
   * - `always-run`: give a version that is never re-used. Costs a run of the step each time.
   */
  readonly onUntrackable?: 'warn' | 'error' | 'always-run';
  /** What to do about environment variables that an op reads and does not declare: say so (default), or refuse with M4010. */
  readonly undeclaredEnv?: 'warn' | 'error';
  /**
   * What is declared for single ops, by their names, in which `*` stands for any characters: `{ 'train*': { exclude: […] } }`. It adds to what
   * is declared for all ops and resources by `include`, `exclude` and `assumePure` beside it. Default: none.
   */
  readonly ops?: Readonly<Record<string, SourceOverrides>>;
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
  readonly id = 'source-hash@3';
  readonly #policy: SourceHashPolicy;
  readonly #tsconfig: string | undefined;
  readonly #cache: false | string | undefined;

  constructor(options: SourceHashOptions = {}) {
    this.#policy = {
      onUntrackable: options.onUntrackable ?? 'warn',
      overrides: new OverridesByOp(options, options.ops),
      undeclaredEnv: options.undeclaredEnv ?? 'warn',
    };
    this.#tsconfig = options.tsconfig;
    this.#cache = options.cache;
    checkOptions(this.#policy, options);
  }

  getOpVersion(context: OpVersionContext): CodeVersion {
    return this.#versions([context], false)[0] as CodeVersion;
  }

  getResourceVersion(context: ResourceVersionContext): CodeVersion {
    return this.#versions([context], false)[0] as CodeVersion;
  }

  /** All at once: files are looked at once, and every op that has no version is named in one error. */
  getVersions(contexts: readonly Context[]): readonly CodeVersion[] {
    return notingUnused(this.#versions(contexts, true), this.#policy.overrides.unused());
  }

  #versions(
    contexts: readonly Context[],
    isWhole: boolean,
    policy: SourceHashPolicy = this.#policy,
  ): readonly CodeVersion[] {
    const options = { tsconfig: this.#tsconfig, cache: this.#cache };
    const found = askRemembering(
      options,
      codeInquiry(contexts, { ...options, isWhole, overrides: this.#policy.overrides }),
    );
    const versions = outcomesOf(contexts.entries(), ([at, context]) => {
      const outcome = found[at] as Outcome<CodeAnswer>;
      if ('error' in outcome) throw outcome.error;
      return codeVersion(context, outcome.answer, policy);
    });
    return answersIn(versions);
  }

  /** The versions of definitions for the file that bundles read, `memo.versions.json`. */
  versionsForBundle(contexts: readonly Context[]): BundledVersions {
    const versions = this.#versions(contexts, true, { ...this.#policy, isForOthers: true });
    return bundledVersionsOf(contexts, versions);
  }

  diffManifests(before: Json, after: Json): readonly CodeChange[] {
    const texts = sourceCache(this.#cache)?.texts;
    return diffManifests(before, after, (digest) => texts?.of(digest));
  }
}

/** {@link SourceHashVersionStrategy} as a function: `job('training', { versions: sourceHash(), … })`. */
export function sourceHash(options?: SourceHashOptions): SourceHashVersionStrategy {
  return new SourceHashVersionStrategy(options);
}

/**
 * The versions of ops and resources as a value to be written to `memo.versions.json` when a program is bundled: the bundle reads them
 * from there, because it has no sources. Ask where the sources are, with the options that the program uses.
 */
export function versionsForBundle(contexts: readonly Context[], options?: SourceHashOptions): BundledVersions {
  return sourceHash(options).versionsForBundle(contexts);
}

/** What names no op at all is said once. */
function notingUnused(versions: readonly CodeVersion[], keys: readonly string[]): readonly CodeVersion[] {
  const [first, ...others] = versions;
  if (first === undefined || keys.length === 0) return versions;
  const unused = keys.map((key): Uncertainty => {
    return {
      kind: 'unmatched-override',
      message: `ops[${JSON.stringify(key)}] of sourceHash names no op that has its version from it`,
    };
  });
  return [{ ...first, uncertain: [...(first.uncertain ?? []), ...unused] }, ...others];
}

function checkOptions(
  { onUntrackable, undeclaredEnv }: SourceHashPolicy,
  { tsconfig, cache }: SourceHashOptions,
): void {
  if (!['warn', 'error', 'always-run'].includes(onUntrackable)) {
    throw new TypeError(
      `sourceHash: onUntrackable is 'warn', 'error' or 'always-run', not ${JSON.stringify(onUntrackable)}`,
    );
  }
  if (!['warn', 'error'].includes(undeclaredEnv)) throw new TypeError(`sourceHash: undeclaredEnv is 'warn' or 'error'`);
  if (tsconfig !== undefined && typeof tsconfig !== 'string') throw new TypeError('sourceHash: tsconfig is a path');
  if (cache !== undefined && cache !== false && (typeof cache !== 'string' || cache === '')) {
    throw new TypeError('sourceHash: cache is a directory, or false');
  }
}
