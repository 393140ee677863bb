import type { MemoizableIOManager } from '@memo/core/plugin';
import type { Limits } from './plain-files.ts';

/** A way to get a manager wrong, and a case that finds it. */
export interface Defect {
  readonly Manager: new (directory: string, limits?: Limits) => MemoizableIOManager;
  readonly caughtBy: string;
}
