import { MemoError } from '../errors/memo-error.ts';

/** Why stored bytes could not be used; `details.reason` of an `M5003`. */
export type DamageReason =
  | 'foreign'
  | 'truncated'
  | 'damaged'
  | 'newer-format'
  | 'unknown-codec'
  | 'unknown-compression'
  | 'too-large'
  | 'undecodable';

/** The `M5003` for stored bytes. The problem goes on after the label: `'is cut off: …'`. */
export function damage(label: string, problem: string, why: { reason: DamageReason; cause?: unknown }): MemoError {
  return new MemoError('M5003', `${label} ${problem}.`, {
    fix: FIXES[why.reason],
    details: { reason: why.reason },
    cause: why.cause,
  });
}

const RECOMPUTE = 'Delete the object; the step runs again and stores it anew.';
const UPGRADE = 'Upgrade memo to read it, or delete the object to compute it again.';

const FIXES: Readonly<Record<DamageReason, string>> = {
  foreign: 'Check that nothing else writes into the store; delete the object to compute it again.',
  truncated: RECOMPUTE,
  damaged: RECOMPUTE,
  'newer-format': UPGRADE,
  'unknown-codec': 'Give the output the codec that wrote it, or delete the object to compute it again.',
  'unknown-compression': 'Use a version of Node that has this compression, or delete the object to compute it again.',
  'too-large': 'Raise the limit of the store, or delete the object.',
  undecodable: RECOMPUTE,
};
