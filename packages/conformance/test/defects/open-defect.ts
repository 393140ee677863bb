import type { MemoizableIOManager } from '@memo/core/plugin';
import { DEFECTS } from './defects.ts';
import { type Limits, PlainFiles } from './plain-files.ts';

/** Which manager over which directory. */
export interface OpenDefect {
  readonly directory: string;
  /** Name of a defect; none: the manager that keeps every promise. */
  readonly defect?: string | undefined;
  readonly limits?: Limits;
}

/** Opens a manager, here and in processes of their own. */
export function open({ directory, defect, limits }: OpenDefect): MemoizableIOManager {
  const Manager = defect === undefined ? PlainFiles : DEFECTS[defect]?.Manager;
  if (Manager === undefined) throw new TypeError(`There is no defect ${defect}.`);
  return new Manager(directory, limits);
}
