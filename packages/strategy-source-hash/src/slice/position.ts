/** Where a node stands: `now` while the unit is evaluated; `drops` where its value is not used. */
export interface Position {
  readonly now: boolean;
  readonly drops: boolean;
  /** True for what an op is defined by: its functions run when memo runs the op. */
  readonly definesOp?: boolean;
}

export const NOW: Position = { now: true, drops: false };
export const LATER: Position = { now: false, drops: false };

const DROPPED: Position = { now: true, drops: true };
const DROPPED_LATER: Position = { now: false, drops: true };

/** The same where the value is not used. */
export function dropping(at: Position): Position {
  if (at.definesOp === true) return { ...at, drops: true };
  return at.now ? DROPPED : DROPPED_LATER;
}

/** The same where the value is used. */
export function using(at: Position): Position {
  if (!at.drops) return at;
  return at.definesOp === true ? { ...at, drops: false } : plain(at);
}

/** Where the value is used, and no op is defined. */
export function plain({ now }: Position): Position {
  return now ? NOW : LATER;
}
