/** Stores outputs as files: durable, atomic, shared between processes. */
export type { Durability } from './disk-sync.ts';
export {
  type Clock,
  type DirectoryEntry,
  type FileStats,
  type FileSystem,
  nodeFiles,
  type OpenFile,
} from './file-system.ts';
export { FsIOManager, type FsOptions, fs } from './fs-io-manager.ts';
