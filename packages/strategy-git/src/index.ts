export { type GitOptions, GitVersionStrategy, gitVersion } from './git-strategy.ts';
export type { GitManifest } from './manifest.ts';
export type { GitScope } from './scope.ts';
