import type { Certainty, Uncertainty } from '@memo/core/plugin';
import type { SourceOverrides } from '../overrides.ts';

/** Whose module-level statements count when nobody can say what they change. */
export type EffectsMode = 'evaluated' | 'reached';

/** What {@link sliceSource} slices, and how; `include`, `exclude` and `assumePure` are as for `sourceHash`, with paths relative to `root`. */
export interface SliceRequest extends SourceOverrides {
  /** The directory that the paths of the answer are relative to. Nothing outside the program of `file` is read for it. */
  readonly root: string;
  /** The file whose export is sliced; a relative path is one from `root`. */
  readonly file: string;
  /** The exported name: `default`, or any other. For an op or resource that is defined in place only its functions count. */
  readonly exportName: string;
  /** The tsconfig for all files. Default: the nearest to each file. */
  readonly tsconfig?: string;
  /**
   * Whose module-level statements count when nobody can say what they change: those of all modules that the file's imports evaluate,
   * in their order (`evaluated`, the default, which misses nothing), or only those of modules that hold a symbol of the slice and of
   * modules that are imported for their effects (`reached`).
   */
  readonly effects?: EffectsMode;
}

/** A part of a source file that behaviour depends on. */
export interface SliceSymbol {
  /** Relative to `root`. */
  readonly file: string;
  /** The declared name; `default`; `<effect>` for a module-level statement; `<module>` for a file that counts as a whole. */
  readonly name: string;
  /** SHA-256 of its own normal form. */
  readonly digest: string;
  /** The names through which it is reached, outermost first, itself last. */
  readonly via: readonly string[];
}

/** A file that counts by its content. */
export interface SliceAsset {
  /** Relative to `root`. */
  readonly file: string;
  readonly digest: string;
}

/** All that the behaviour of an export can depend on. */
export interface SourceSlice {
  /** Equal for slices that behave the same, wherever their files lie. */
  readonly version: string;
  readonly certainty: Certainty;
  readonly symbols: readonly SliceSymbol[];
  /** `name@version` of installed packages, with what is installed for them. */
  readonly packages: readonly string[];
  /** JSON modules, files that are read by their place, and those that `include` leads to. */
  readonly assets: readonly SliceAsset[];
  /** Names of environment variables that are read; `*` for computed names. */
  readonly env: readonly string[];
  /** What is asked of the machine as modules are loaded, such as `process.platform`, and the answers of this one, which are part of the version. */
  readonly machine: Readonly<Record<string, string>>;
  /** What the version cannot see, with places. */
  readonly uncertain: readonly Uncertainty[];
  /** The declarations that the version rests on, such as `exclude src/log.ts#log`. */
  readonly declared: readonly string[];
}
