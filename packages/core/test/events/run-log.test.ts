import { expect, test } from 'vitest';
import { runLog } from '../../src/events/run-log.ts';
import { end, events, planned, reuse, runEnd, runStart } from './run-events.ts';

test('a run is one short line for each thing that happened to a step, in order', () => {
  const lines = runLog(
    events(
      runStart(),
      planned(),
      reuse('load'),
      end('clean'),
      { type: 'step.retry', step: 'fit', attempt: 1, delayMs: 1, error: { name: 'Error', message: 'no' } },
      end('fit', { status: 'failed' }),
      end('report', { status: 'skipped' }),
      end('push', { status: 'cancelled' }),
      runEnd(),
    ),
  );
  expect(lines).toEqual(['load reuse', 'clean run', 'fit retry', 'fit failed', 'report skip', 'push cancelled']);
});
