export type { DriverCapabilities } from './driver-capabilities.ts';
export type { KeyValueStorage } from './key-value-storage.ts';
export { UnstorageIOManager, type UnstorageIOManagerOptions, unstorageIOManager } from './unstorage-io-manager.ts';
