import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { placeOf } from '../support/source-line.ts';

test('a setup that fails fails every step that requires it, once', async () => {
  let setups = 0;
  const db = resource('db', {
    setup: () => {
      setups++;
      throw new Error('connection refused');
    },
  });
  const read = op('read', { uses: { db }, run: () => 'read' });
  const free = op('free', () => 'free');
  const reading = job('reading', {
    build: () => ({ a: read({}, { id: 'a' }), b: read({}, { id: 'b' }), free: free() }),
  });
  const recorder = new EventRecorder();
  const result = await reading.run({ onFailure: 'continue', reporter: recorder.reporter });
  const error = failureOf('M3008', result, 'a');
  expect(error.problem).toContain('"db"');
  expect(error.problem).toContain('connection refused');
  expect(error.cause).toMatchObject({ message: 'connection refused' });
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const db = resource('db'"));
  expect(result.failed.map(({ step }) => step).toSorted()).toEqual(['a', 'b']);
  expect(result.executed).toEqual(['free']);
  expect(setups).toBe(1);
  expect(recorder.of('resource.setup').map(({ error: shown }) => shown?.message)).toEqual(['connection refused']);
  expect(recorder.of('resource.teardown')).toEqual([]);
});
