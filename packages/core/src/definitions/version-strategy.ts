import type { Place } from '../errors/memo-error.ts';
import type { Awaitable } from '../io/awaitable.ts';
import type { DefinitionSite } from './definition-site.ts';

/** Any function, for identity and source only. */
export type AnyFunction = (...args: never[]) => unknown;

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * How sure a strategy is that its version changes whenever the behaviour can. `exact`: everything that the code can depend on is
 * covered. `assumed`: under assumptions that the strategy documents. `untrackable`: something was seen that it cannot cover.
 */
export type Certainty = 'exact' | 'assumed' | 'untrackable';

/** One thing that a strategy cannot see, for people. */
export interface Uncertainty {
  /** Kebab-case kind, for example `dynamic-import`. */
  readonly kind: string;
  readonly message: string;
  readonly place?: Place | undefined;
}

/** The version of one piece of code. */
export interface CodeVersion {
  /** 1–200 characters of `[A-Za-z0-9_.:+@/~-]`; else M4003. */
  readonly version: string;
  /** Default: `exact`. */
  readonly certainty?: Certainty;
  /** What cannot be seen, with places. Shown as warnings, stored with the binding. */
  readonly uncertain?: readonly Uncertainty[];
  /** True when the step must not be re-used at all: it becomes volatile. Default: `false`. */
  readonly volatile?: boolean;
  /**
   * True when code or assets that the version covers may be loaded only while the op runs (`import()` in a function, a file that is
   * read). Core then asks again after the op ran, and publishes nothing if the answer differs (M4007). Default: `false`.
   */
  readonly loadsLate?: boolean;
  /**
   * Id of the strategy that gave the version, where a composed strategy hands on the answer of one of its {@link VersionStrategy.parts};
   * it enters in place of the composed one's. Default: the id of the strategy that was asked.
   */
  readonly by?: string;
  /** What the version is made of, so that {@link VersionStrategy.diffManifests} can say what changed. Stored once a version. */
  readonly manifest?: Json;
}

/** What a strategy gets to know about an op. */
export interface OpVersionContext {
  readonly kind: 'op';
  readonly namespace: string;
  readonly name: string;
  /** The op's compute function. */
  readonly run: AnyFunction;
  /** The version declared on the op, if any. Core uses it without asking; here for composed strategies. */
  readonly declared: string | undefined;
  /** Names of the environment variables that the op declares: core has their values in the version of each step. Default: none. */
  readonly env?: readonly string[];
  readonly definition: DefinitionSite;
}

/** What a strategy gets to know about a resource. */
export interface ResourceVersionContext {
  readonly kind: 'resource';
  readonly name: string;
  readonly setup: AnyFunction;
  readonly teardown: AnyFunction | undefined;
  /** The resolved config, secrets left out. It enters the version beside the code version; here for strategies that want it. */
  readonly config: unknown;
  readonly declared: string | undefined;
  readonly definition: DefinitionSite;
}

/** One difference between two manifests, for `plan.explain`. */
export interface CodeChange {
  /** What changed: a file, a symbol, a package, an asset, an environment read… */
  readonly what: string;
  /** The part, for example `src/deep.ts` or `lodash`. */
  readonly name: string;
  readonly how: 'added' | 'removed' | 'changed';
  /** A value or version, or a source text: `memo why` shows how two source texts differ line by line. */
  readonly before?: string;
  readonly after?: string;
  readonly place?: Place;
  /** How the op reaches the part, outermost first. */
  readonly via?: readonly string[];
}

/** Versions for a program that is shipped without its sources. */
export interface BundledVersions {
  /** The algorithm that gave them. */
  readonly algorithm: string;
  /** `op namespace/name` or `resource name` → version. */
  readonly versions: Readonly<Record<string, Pick<CodeVersion, 'version' | 'certainty'>>>;
}

/** What one earlier algorithm of a strategy gives. */
export interface PreviousVersions {
  /** The strategy's id then. */
  readonly id: string;
  /** In the order of the contexts; `undefined` where that algorithm gave none. */
  readonly versions: readonly (CodeVersion | string | undefined)[];
}

/**
 * Gives versions to the code of ops and resources. A job with a strategy is memoized.
 *
 * A strategy must give the same version for the same behaviour on every machine, and another one whenever the behaviour may
 * differ. `undefined` means "no version": the step needs a declared one, or is volatile where the job allows that.
 * Thrown memo errors are shown as they are; anything else as M4005.
 */
export interface VersionStrategy {
  /** Names the strategy and its algorithm, for example `source-hash@1`. Enters every version that it gives. */
  readonly id: string;
  getOpVersion(context: OpVersionContext): Awaitable<CodeVersion | string | undefined>;
  /** Without it the code of resources is not tracked, and says so; their config always counts. */
  getResourceVersion?(context: ResourceVersionContext): Awaitable<CodeVersion | string | undefined>;
  /** All ops and resources of a job at once, in order; used instead of the single calls. */
  getVersions?(
    contexts: readonly (OpVersionContext | ResourceVersionContext)[],
  ): Awaitable<readonly (CodeVersion | string | undefined)[]>;
  /** Strategies whose answers this one hands on, see {@link CodeVersion.by}: they are asked what differs between manifests of their own. */
  readonly parts?: readonly VersionStrategy[];
  /**
   * What earlier algorithms of this strategy give the same code, newest first. Results that were bound under those versions are re-used
   * (reason `upgraded`), so that a new algorithm recomputes nothing. Only for algorithms that saw every change that this one sees.
   */
  previous?(contexts: readonly (OpVersionContext | ResourceVersionContext)[]): Awaitable<readonly PreviousVersions[]>;
  /**
   * The versions of definitions, asked where their sources are, to be shipped with a bundle that has none: `memo hash` writes them.
   * Only for strategies that find them there again.
   */
  versionsForBundle?(contexts: readonly (OpVersionContext | ResourceVersionContext)[]): Awaitable<BundledVersions>;
  /** What differs between two manifests of this strategy, most telling first. Must take manifests of older releases. */
  diffManifests?(before: Json, after: Json): readonly CodeChange[];
}
