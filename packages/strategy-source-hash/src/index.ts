export type { BundledVersions } from '@memo/core/plugin';
export { VERSIONS_FILE } from './bundled-versions.ts';
export { type FileClosure, fileClosures } from './file-closure.ts';
export type { LoadedCodeOptions } from './loaded-code.ts';
export {
  type BytesAsLoaded,
  type LoadedFile,
  lookAsLoaded,
  looksAsLoaded,
  readAsLoaded,
  readLoadedFile,
} from './loaded-file.ts';
export type { SourceHashManifest } from './manifest.ts';
export type { SourceOverrides } from './overrides.ts';
export type { SliceAsset, SliceRequest, SliceSymbol, SourceSlice } from './slice/source-slice.ts';
export { sliceSource } from './slice-source.ts';
export {
  type SourceHashOptions,
  SourceHashVersionStrategy,
  sourceHash,
  versionsForBundle,
} from './source-hash-strategy.ts';
