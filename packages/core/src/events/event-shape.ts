import type { EventBody, MemoEvent } from './memo-event.ts';

type RequiredFields<E> = {
  [K in keyof E as K extends 'type' ? never : undefined extends E[K] ? never : K]: TypeName<E[K]>;
};
type TypeName<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends readonly unknown[]
      ? 'list'
      : 'object';
type Shapes = { readonly [T in EventBody['type']]: Readonly<RequiredFields<Extract<EventBody, { readonly type: T }>>> };

/** The fields that an event of each type must have. The compiler keeps it in step with the union. */
const SHAPES: Shapes = {
  'run.start': { run: 'string', job: 'string', memo: 'string', steps: 'number', stores: 'object', tags: 'object' },
  plan: {
    run: 'number',
    reuse: 'number',
    skip: 'number',
    pending: 'number',
    savedMs: 'number',
    planMs: 'number',
    steps: 'list',
  },
  'step.reuse': { step: 'string', op: 'string', version: 'string' },
  'step.start': { step: 'string', op: 'string', attempt: 'number', reasons: 'list' },
  'step.retry': { step: 'string', attempt: 'number', delayMs: 'number', error: 'object' },
  'step.progress': { step: 'string', done: 'number' },
  'step.log': { level: 'string', message: 'string' },
  'step.end': { step: 'string', op: 'string', status: 'string', durationMs: 'number', attempts: 'number' },
  'output.stored': { step: 'string', output: 'string', identifier: 'list', outcome: 'string' },
  'output.absent': { step: 'string', output: 'string' },
  'output.loaded': { step: 'string', output: 'string', by: 'string', input: 'string' },
  'output.copied': { step: 'string', output: 'string', version: 'string', from: 'string', to: 'string' },
  'output.lost': { step: 'string', output: 'string', error: 'object' },
  'step.rebound': { step: 'string', version: 'string', pub: 'string', generation: 'number' },
  'resource.setup': { resource: 'string', durationMs: 'number' },
  'resource.teardown': { resource: 'string', durationMs: 'number' },
  warning: { code: 'string', message: 'string' },
  'map.expand': { step: 'string', items: 'number', reuse: 'number' },
  'run.end': {
    run: 'string',
    status: 'string',
    ran: 'number',
    reused: 'number',
    skipped: 'number',
    failed: 'number',
    durationMs: 'number',
    savedMs: 'number',
  },
};

/** True for a value that has the fields of an event of its type. A type that this release does not know needs only what all events have. */
export function isMemoEvent(value: unknown): value is MemoEvent {
  if (!hasFields(value, BASE) || value.v !== 1) return false;
  const type = value.type as string;
  return !Object.hasOwn(SHAPES, type) || hasFields(value, SHAPES[type as EventBody['type']]);
}

const BASE = { v: 'number', seq: 'number', t: 'number', type: 'string' } as const;

function hasFields(
  value: unknown,
  shape: Readonly<Record<string, string>>,
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(shape).every(([field, type]) => typeNameOf((value as Record<string, unknown>)[field]) === type);
}

function typeNameOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}
