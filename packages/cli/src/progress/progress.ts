import type { MemoEvent } from '@memo/core/inspect';
import type { RunState } from './run-state.ts';

/** Shows a run while it goes on. */
export interface Progress {
  readonly state: RunState;
  report(event: MemoEvent): void;
  /** Says what is done when a person asks for the end by a key; where keys are taken. */
  onQuit?(act: () => void): void;
  /** Says something beside the run. */
  note(text: string): void;
  /** Ends the showing. */
  close(): void;
}
