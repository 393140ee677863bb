export type { SourceHashManifest } from './manifest.ts';
export { type SourceHashOptions, SourceHashVersionStrategy, sourceHash } from './source-hash-strategy.ts';
