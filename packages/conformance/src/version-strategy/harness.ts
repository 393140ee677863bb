import type { Awaitable } from '@memo/core/plugin';

/** Tells the suite how to use a version strategy. A version stands for loaded code, so every question is asked in a process of its own. */
export interface VersionStrategyHarness {
  readonly name: string;
  /** Absolute URL or path of a module that exports `strategy(directory)`: the strategy for a project in that directory. */
  readonly module: string;
  /** Options for `node`, for example `['--import', 'tsx']` where the module is TypeScript. Default: none. */
  readonly nodeOptions?: readonly string[];
  /** Called when a project was written, before versions are asked for: for example `git init`, add and commit. */
  prepare?(directory: string): Awaitable<void>;
  /** Called after files of the project were changed: for example a commit. */
  changed?(directory: string): Awaitable<void>;
  /** What the strategy promises not to react to. Not promised: it may. */
  readonly ignores?: readonly Ignored[];
}

/** What a precise strategy does not react to. */
export type Ignored = 'comments' | 'unrelated files' | 'a reverted edit' | 'another op';

/** What decides which cases apply. */
export type VersionStrategyFeature = Ignored | 'resources' | 'bulk' | 'manifests';

/** All features, in the order in which reports name them. */
export const VERSION_STRATEGY_FEATURES: readonly VersionStrategyFeature[] = [
  'resources',
  'bulk',
  'manifests',
  'comments',
  'unrelated files',
  'a reverted edit',
  'another op',
];
