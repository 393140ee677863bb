import { MemoError } from '@memo/core/text';

/** Exit codes of every command; stable. */
export const EXIT = {
  ok: 0,
  /** The run ran and a step failed; or the answer could not be written. */
  failed: 1,
  /** Nothing ran: usage, config or definition error. */
  usage: 2,
  notFound: 3,
  /** Stored bytes are damaged. */
  integrity: 4,
  storeUnavailable: 5,
  /** With `--exit-code`: something would run, or differs. */
  work: 10,
  /** A bug in memo. */
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code that an error ends a command with. */
export function exitCodeOf(error: unknown): number {
  if (!MemoError.is(error)) return EXIT.bug;
  return EXIT_OF_CODE[error.code] ?? EXIT_OF_GROUP[error.code.slice(0, 2)] ?? EXIT.failed;
}

const EXIT_OF_CODE: Readonly<Record<string, number>> = {
  M1006: EXIT.notFound,
  M4011: EXIT.notFound,
  M5001: EXIT.failed,
  M5003: EXIT.integrity,
  M5004: EXIT.notFound,
  M5005: EXIT.notFound,
  M5010: EXIT.usage,
  M6004: EXIT.interrupted,
  M6011: EXIT.notFound,
  M7001: EXIT.notFound,
};

const EXIT_OF_GROUP: Readonly<Record<string, number>> = {
  M1: EXIT.usage,
  M2: EXIT.usage,
  M3: EXIT.usage,
  M4: EXIT.usage,
  M5: EXIT.storeUnavailable,
  M6: EXIT.failed,
  M7: EXIT.usage,
  M9: EXIT.usage,
};
