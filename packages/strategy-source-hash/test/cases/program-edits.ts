import { EFFECT_EDITS } from './effect-edits.ts';
import { HANDED_EDITS } from './handed-edits.ts';
import { HARD_EDITS, type HardEdit } from './hard-edits.ts';
import { LOADING_EDITS } from './loading-edits.ts';
import { MEMBER_EDITS } from './member-edits.ts';
import { DEFINITION_EDITS, NEEDLESS_EDITS } from './needless-edits.ts';
import { RECEIVER_EDITS } from './receiver-edits.ts';
import { TYPED_EDITS } from './typed-edits.ts';

/** All programs with an edit that are executed to hold versions to what they compute. */
export const PROGRAM_EDITS: readonly HardEdit[] = [
  ...HARD_EDITS,
  ...LOADING_EDITS,
  ...EFFECT_EDITS,
  ...NEEDLESS_EDITS,
  ...MEMBER_EDITS,
  ...RECEIVER_EDITS,
  ...HANDED_EDITS,
  ...DEFINITION_EDITS,
  ...TYPED_EDITS,
];
