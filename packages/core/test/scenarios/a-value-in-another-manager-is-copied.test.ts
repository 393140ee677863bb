import { type IOManagers, job, MemoError, op } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = (): readonly number[] => [3, 1, 2];
const sum = ({ rows }: { rows: readonly number[] }): number => rows.reduce((a, b) => a + b);

/** The same job whose rows are kept in one manager or the other: which one is no part of their version. */
function summing({ keep, versions = new SetVersions() }: { keep: string; versions?: SetVersions }) {
  const rowsOp = op('rows', { io: keep, run: load });
  const sumOp = op('sum', { run: sum });
  return job('summing', { versions, build: () => ({ sum: sumOp({ rows: rowsOp() }), rows: rowsOp() }) });
}

/** Two stores, and the job after its rows were kept in the first one. */
async function moved() {
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  await summing({ keep: 'default' }).run({ io });
  forget(io);
  return { io, after: summing({ keep: 'archive' }) };
}

function forget(io: IOManagers): void {
  for (const manager of Object.values(io) as WatchedManager[]) manager.calls.length = 0;
}

const ELSEWHERE = [{ code: 'elsewhere', outputs: ['result'], from: 'default', to: 'archive' }];

test('it is re-used, the plan says where it is, and the run copies it', async () => {
  const { io, after } = await moved();
  const plan = await after.plan({ io });
  expect(plan.steps.map(({ id, action, reasons }) => [id, action, reasons])).toEqual([
    ['rows', 'reuse', ELSEWHERE],
    ['sum', 'reuse', []],
    ['rows_2', 'reuse', ELSEWHERE],
  ]);
  expect(plan.explain('rows').toString()).toContain('copied from IO manager default to archive');
  expect(io.archive.calls.some((call) => call.startsWith('handle'))).toBe(false);
  const recorder = new EventRecorder();
  const result = await after.run({ io, reporter: recorder.reporter });
  expect(whatRan(result)).toEqual({ reused: ['rows', 'rows_2', 'sum'] });
  expect(recorder.of('output.copied').map(({ step, from, to }) => [step, from, to])).toEqual([
    ['rows', 'default', 'archive'],
    ['rows_2', 'default', 'archive'],
  ]);
  expect(await result.load('rows')).toEqual([3, 1, 2]);
  forget(io);
  const next = await after.plan({ io });
  expect(next.steps.every(({ action, reasons }) => action === 'reuse' && reasons.length === 0)).toBe(true);
  expect(io.default.calls).toEqual(['has sum.result']);
});

test('a step that runs reads the copy', async () => {
  const { io } = await moved();
  const after = summing({ keep: 'archive', versions: new SetVersions({ sum: '2' }) });
  const result = await after.run({ io });
  expect(whatRan(result)).toEqual({ ran: ['sum'], reused: ['rows', 'rows_2'] });
  expect(io.archive.calls).toContain('load rows.result');
  expect(await result.loadAll()).toEqual({ sum: 6, rows: [3, 1, 2] });
});

test('with `require` nothing runs, and it is copied', async () => {
  const { io, after } = await moved();
  expect(whatRan(await after.run({ io, memo: 'require' }))).toEqual({ reused: ['rows', 'rows_2', 'sum'] });
});

test('a step that is forced runs, and nothing is copied', async () => {
  const { io, after } = await moved();
  const recorder = new EventRecorder();
  const result = await after.run({ io, force: true, reporter: recorder.reporter });
  expect(recorder.of('output.copied')).toEqual([]);
  expect(result.executed).toEqual(expect.arrayContaining(['sum']));
  expect(result.executed.filter((step) => step.startsWith('rows'))).not.toEqual([]);
});

test('what is not selected is not copied', async () => {
  const { io, after } = await moved();
  expect(whatRan(await after.run({ io, only: 'sum' }))).toMatchObject({ reused: ['rows', 'sum'] });
  expect(io.archive.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle rows.result']);
});

test('a value below a volatile step is copied when its version is known', async () => {
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  const now = op('now', { memo: 'off', run: () => 5 });
  const showing = (keep: string) => {
    const show = op('show', { io: keep, run: ({ at }: { at: number }) => at });
    return job('showing', { versions: new SetVersions(), io, build: () => show({ at: now() }) });
  };
  await showing('default').run();
  const result = await showing('archive').run();
  expect(whatRan(result)).toEqual({ ran: ['now'], reused: ['show'] });
  expect(io.archive.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle show.result']);
});

test('what an earlier execution gave from the same is copied, too', async () => {
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  const text = op('text', () => 'a');
  const showing = (keep: string, code: string) => {
    const show = op('show', { io: keep, run: ({ of }: { of: string }) => of.toUpperCase() });
    return job('showing', { versions: new SetVersions({ text: code }), io, build: () => show({ of: text() }) });
  };
  await showing('default', '1').run();
  const result = await showing('archive', '2').run();
  expect(whatRan(result)).toEqual({ ran: ['text'], reused: ['show'] });
  expect(await result.load('result')).toBe('A');
});

/** Two steps have one version, of which one runs. */
const ONE_OF_TWINS = { ran: ['rows_2'], reused: ['rows', 'sum'] };

describe('what cannot be copied is computed again', () => {
  test.each([
    ['is damaged', 'M5003'],
    ['vanished', 'M5004'],
    ['cannot be read', 'M5002'],
  ] as const)('because it %s', async (_, code) => {
    const { io, after } = await moved();
    io.default.interference = {
      load: ({ step }) => {
        if (step.startsWith('rows')) throw new MemoError(code, 'not to be had', {});
      },
    };
    const recorder = new EventRecorder();
    const result = await after.run({ io, reporter: recorder.reporter });
    expect(result.ok).toBe(true);
    expect(whatRan(result)).toEqual(ONE_OF_TWINS);
    expect(recorder.of('output.lost').map(({ step, error }) => [step, error.code])).toContainEqual(['rows', code]);
    expect(await result.loadAll()).toEqual({ sum: 6, rows: [3, 1, 2] });
  });

  test('because it is another content than the one that is bound', async () => {
    const { io, after } = await moved();
    const { loadInput } = io.default;
    io.default.loadInput = (context) =>
      context.step.startsWith('rows') ? [9, 9] : loadInput.call(io.default, context);
    const result = await after.run({ io });
    expect(whatRan(result)).toEqual(ONE_OF_TWINS);
    expect(await result.load('rows')).toEqual([3, 1, 2]);
  });

  test('and fails where nothing may run', async () => {
    const { io, after } = await moved();
    io.default.interference = { load: () => io.default.lose('rows') };
    const result = await after.run({ io, memo: 'require' });
    expect(result.failed.map(({ error }) => error.code)).toContain('M6008');
  });
});

describe('what vanishes in the middle of a run', () => {
  /** Both managers have the rows, and `sum` is about to read them. */
  async function copiedBefore() {
    const { io, after } = await moved();
    await after.run({ io });
    forget(io);
    const recorder = new EventRecorder();
    return { io, recorder, edited: summing({ keep: 'archive', versions: new SetVersions({ sum: '2' }) }) };
  }

  const losing = (manager: WatchedManager, most: number, code: 'M5003' | 'M5004' = 'M5004') => {
    let times = 0;
    return {
      load: ({ step }: { readonly step: string }) => {
        if (step !== 'rows' || times++ >= most) return;
        manager.lose('rows');
        throw new MemoError(code, 'not to be had', {});
      },
    };
  };

  test.each(['M5004', 'M5003'] as const)('is copied, and its step does not run (%s)', async (code) => {
    const { io, recorder, edited } = await copiedBefore();
    io.archive.interference = losing(io.archive, 1, code);
    const result = await edited.run({ io, reporter: recorder.reporter });
    expect(whatRan(result)).toEqual({ ran: ['sum'], reused: ['rows', 'rows_2'] });
    expect(recorder.of('output.copied').map(({ step, from, to }) => [step, from, to])).toEqual([
      ['rows', 'default', 'archive'],
    ]);
    expect(recorder.of('output.lost')).toEqual([]);
    expect(recorder.of('warning').map((warning) => [warning.code, warning.step])).toContainEqual([
      'value-restored',
      'rows',
    ]);
    expect(await result.loadAll()).toEqual({ sum: 6, rows: [3, 1, 2] });
  });

  test('is computed again where it vanishes once more', async () => {
    const { io, recorder, edited } = await copiedBefore();
    io.archive.interference = losing(io.archive, 2);
    const result = await edited.run({ io, reporter: recorder.reporter });
    expect(result.ok).toBe(true);
    expect(result.executed).toEqual(['rows', 'sum']);
    expect([recorder.of('output.copied').length, recorder.of('output.lost').length]).toEqual([1, 1]);
    expect(await result.loadAll()).toEqual({ sum: 6, rows: [3, 1, 2] });
  });

  test('is computed again where what the others hold is another content, or they cannot tell', async () => {
    const denied = (): never => {
      throw new Error('denied');
    };
    for (const interference of [{ has: denied }, {}]) {
      const { io, recorder, edited } = await copiedBefore();
      const { loadInput } = io.default;
      io.default.loadInput = (context) => (context.step === 'rows' ? [9] : loadInput.call(io.default, context));
      const { load } = losing(io.archive, 1);
      io.archive.interference = {
        load: (context) => {
          io.default.interference = interference;
          load(context);
        },
      };
      const result = await edited.run({ io, reporter: recorder.reporter });
      expect(result.executed).toEqual(['rows', 'sum']);
      expect(recorder.of('output.copied')).toEqual([]);
      expect(await result.loadAll()).toEqual({ sum: 6, rows: [3, 1, 2] });
    }
  });

  test('fails nothing where nothing may run', async () => {
    const { io, edited } = await copiedBefore();
    await edited.run({ io });
    io.archive.interference = losing(io.archive, 1);
    const result = await edited.run({ io, memo: 'require' });
    expect([result.ok, await result.load('rows')]).toEqual([true, [3, 1, 2]]);
  });
});

test('two runs at once copy it to one address, and both have it', async () => {
  const { io, after } = await moved();
  const other = summing({ keep: 'archive' });
  const results = await Promise.all([after.run({ io }), other.run({ io })]);
  for (const result of results) {
    expect(whatRan(result)).toEqual({ reused: ['rows', 'rows_2', 'sum'] });
    expect(await result.load('rows')).toEqual([3, 1, 2]);
  }
});

test('a run that is cancelled while it copies says so, and the next one copies', async () => {
  const { io, after } = await moved();
  const controller = new AbortController();
  io.archive.interference = { handle: () => controller.abort(new Error('enough')) };
  const result = await after.run({ io, signal: controller.signal });
  expect(result.status).toBe('cancelled');
  io.archive.interference = {};
  expect(whatRan(await after.run({ io }))).toEqual({ reused: ['rows', 'rows_2', 'sum'] });
});

test('every output of a step has to be somewhere', async () => {
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  const splitting = (keep: string) => {
    const split = op('split', { outputs: { a: { io: keep }, b: { io: keep } }, run: () => ({ a: 1, b: 2 }) });
    return job('splitting', { versions: new SetVersions(), io, build: () => split() });
  };
  await splitting('default').run();
  io.default.lose('split', 'b');
  const result = await splitting('archive').run();
  expect(whatRan(result)).toEqual({ ran: ['split'] });
  expect(io.archive.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle split.a', 'handle split.b']);
});

test('a value whose record is lost is computed again, and what was made from it: nobody could say that it is whole', async () => {
  const first = new WatchedManager();
  await summing({ keep: 'default' }).run({ io: { default: first, archive: new WatchedManager() } });
  const io = { default: new WatchedManager({ over: first }), archive: new WatchedManager() };
  expect(whatRan(await summing({ keep: 'archive' }).run({ io }))).toMatchObject({ ran: ['rows_2', 'sum'] });
});

test('a manager that cannot tell what it has fails the plan', async () => {
  const { io, after } = await moved();
  io.default.interference = {
    has: ({ step }) => {
      if (step.startsWith('rows')) throw new Error('denied');
    },
  };
  await expect(after.plan({ io })).rejects.toMatchObject({ code: 'M5008' });
});
