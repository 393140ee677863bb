import { job, op } from '@memo/core';
import { readBindings, readJournal } from '@memo/core/inspect';
import type { RecordStore } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { caught, failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const full = (): never => {
  throw new Error('ENOSPC');
};

function storeWith(broken: Partial<RecordStore>): WatchedManager {
  const io = new WatchedManager();
  Object.assign(io.records, broken);
  return io;
}

const load = op('load', () => 1);
const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1, test: 2 }) });
const versions = new SetVersions();

test('records that cannot be read end planning', async () => {
  const io = storeWith({ segments: full });
  const error = await caught('M5009', () => job('training', { versions, io, build: () => load() }).plan());
  expect(error.problem).toBe('Cannot read bindings: ENOSPC');
  expect(error.cause).toMatchObject({ message: 'ENOSPC' });
});

test('a step that is committed by its binding fails where that cannot be written', async () => {
  const io = storeWith({ putDocument: full });
  const result = await job('splitting', { versions, io, build: () => ({ ...split() }) }).run();
  expect(failureOf('M5009', result, 'split').problem).toBe('Cannot write bindings: ENOSPC');
  expect(result.executed).toEqual([]);
});

test('a binding that only explains is missed at the end of the run, which keeps its results', async () => {
  const io = storeWith({ append: full });
  const result = await job('training', { versions, io, build: () => load() }).run();
  expect(result.executed).toEqual(['load']);
  expect(result.errors.map(({ code }) => code)).toEqual(['M5009']);
  expect(result.status).toBe('failure');
  expect(await result.load('result')).toBe(1);
});

test('what is written after a write that tore off can be read', async () => {
  const io = new WatchedManager();
  const { append } = io.records;
  let times = 0;
  io.records.append = async (segment, bytes) => {
    const torn = times++ === 0;
    await append(segment, torn ? bytes.slice(0, bytes.length - 10) : bytes);
    if (torn) full();
  };
  const own = new SetVersions();
  const training = job('training', { versions: own, io, build: () => load() });
  await training.run();
  own.set('load', '2');
  expect((await training.run()).ok).toBe(true);
  const codes: string[] = [];
  for await (const { record } of readBindings(io.records)) codes.push(record.op.code);
  expect(codes).toEqual(['2']);
});

test('a journal that is not there cannot be read', async () => {
  const reading = async (): Promise<void> => {
    for await (const event of readJournal('/nowhere/events.ndjson')) expect(event).toBeUndefined();
  };
  expect((await caught('M5009', reading)).details).toEqual({ file: '/nowhere/events.ndjson' });
});
