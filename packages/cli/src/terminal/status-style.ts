import type { Color } from '@memo/core/inspect';

/** The one vocabulary of what happens to steps: a word, a glyph and a colour each. Words never depend on colour. */
export type Status =
  | 'run'
  | 'reuse'
  | 'skip'
  | 'pending'
  | 'running'
  | 'retry'
  | 'failed'
  | 'ran'
  | 'reused'
  | 'skipped'
  | 'cancelled';

export const STATUS: Readonly<Record<Status, { readonly glyph: string; readonly color: Color }>> = {
  run: { glyph: '▸', color: 'green' },
  reuse: { glyph: '●', color: 'cyan' },
  skip: { glyph: '○', color: 'dim' },
  pending: { glyph: '◌', color: 'yellow' },
  running: { glyph: '◐', color: 'yellow' },
  retry: { glyph: '↻', color: 'yellow' },
  failed: { glyph: '✗', color: 'red' },
  ran: { glyph: '✓', color: 'green' },
  reused: { glyph: '●', color: 'cyan' },
  skipped: { glyph: '○', color: 'dim' },
  cancelled: { glyph: '◌', color: 'yellow' },
};
