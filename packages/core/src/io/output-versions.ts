import type { OutputContext } from './io-contexts.ts';
import type { OutputIdentifier } from './output-identifier.ts';

/** Many versions of one output, as a planner asks about them: side by side, without an object for each. */
export interface OutputVersions {
  /** How many there are. The same one may be there twice. */
  readonly count: number;
  /** What their addresses begin with: all segments but the last one, which is the version, 64 hexadecimal digits. */
  readonly above: OutputIdentifier;
  /** The versions, 32 bytes each, one behind the other. To be read only, and only until the answer. */
  readonly bytes: Uint8Array;
  /** The context of one of them, counted from 0: its address, and whom an error should name. */
  context(at: number): OutputContext;
}
