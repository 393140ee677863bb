import type { Declarations } from './declarations.ts';
import type { Evaluation } from './evaluation.ts';
import type { Linker } from './linker.ts';
import type { SliceTable } from './slice-table.ts';
import type { EffectsMode } from './source-slice.ts';

/** What slices are made of. */
export interface Program {
  readonly linker: Linker;
  readonly table: SliceTable;
  readonly evaluation: Evaluation;
  readonly effects: EffectsMode;
  readonly declarations: Declarations;
}
