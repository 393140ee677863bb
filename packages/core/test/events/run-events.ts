import type { EventBody, MemoEvent } from '../../src/events/memo-event.ts';

export const START: number = Date.UTC(2026, 4, 1, 10, 0);

/** Bodies as events of one run, a second apart. */
export function events(...bodies: readonly EventBody[]): readonly MemoEvent[] {
  return bodies.map((body, index) => ({ v: 1, seq: index + 1, t: START + index * 1_000, ...body }));
}

type Body<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }>;

export const runStart = (more: Partial<Body<'run.start'>> = {}): EventBody => ({
  type: 'run.start',
  run: '42',
  job: 'training',
  memo: 'on',
  steps: 4,
  stores: { default: 'fs:.memo/store' },
  tags: {},
  ...more,
});

export const planned = (more: Partial<Body<'plan'>> = {}): EventBody => ({
  type: 'plan',
  run: 1,
  reuse: 2,
  skip: 0,
  pending: 1,
  savedMs: 0,
  planMs: 38,
  steps: [],
  ...more,
});

export const reuse = (step: string, more: Partial<Body<'step.reuse'>> = {}): EventBody => ({
  type: 'step.reuse',
  step,
  op: step,
  version: '9c41'.repeat(16),
  ...more,
});

export const end = (step: string, more: Partial<Body<'step.end'>> = {}): EventBody => ({
  type: 'step.end',
  step,
  op: step,
  status: 'ran',
  durationMs: 100,
  attempts: 1,
  ...more,
});

export const runEnd = (more: Partial<Body<'run.end'>> = {}): EventBody => ({
  type: 'run.end',
  run: '42',
  status: 'success',
  ran: 1,
  reused: 1,
  skipped: 0,
  failed: 0,
  durationMs: 26_700,
  savedMs: 0,
  ...more,
});
