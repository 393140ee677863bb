import type { EventBody } from '@memo/core/inspect';
import { describe, expect, test } from 'vitest';
import { frameLines } from '../src/progress/frame.ts';
import { LineProgress } from '../src/progress/line-progress.ts';
import { LiveProgress } from '../src/progress/live-progress.ts';
import { RunState } from '../src/progress/run-state.ts';
import { stepSummaryText } from '../src/progress/step-summary.ts';
import { Screen } from './support/screen.ts';
import { Stage } from './support/stage.ts';

const CONTROL = new RegExp(`${'\u001b'}\\[[?\\d;]*[A-Za-z]`, 'g');

type Bodies = readonly EventBody[];

/** A run of some steps of one op each, or of one op all together. */
function begun(ids: readonly string[], { op = (id: string) => id }: { op?: (id: string) => string } = {}): Bodies {
  const sizes = new Map<string, number>();
  for (const id of ids) sizes.set(op(id), (sizes.get(op(id)) ?? 0) + 1);
  return [
    { type: 'run.start', run: '0'.repeat(26), job: 'training', memo: 'on', steps: ids.length, stores: {}, tags: {} },
    {
      type: 'plan',
      run: ids.length,
      reuse: 0,
      skip: 0,
      pending: 0,
      savedMs: 0,
      planMs: 3,
      steps: ids.map((id) => ({ step: id, op: op(id), action: 'run', reasons: [{ code: 'first-run' }] })),
      ops: [...sizes].map(([name, steps]) => ({ op: name, steps })),
    },
  ];
}

const start = (step: string, op = step): EventBody => ({ type: 'step.start', step, op, attempt: 1, reasons: [] });
const end = (step: string, op = step): EventBody => ({
  type: 'step.end',
  step,
  op,
  status: 'ran',
  durationMs: 5,
  attempts: 1,
});

function live(stage: Stage, bodies: Bodies = []): LiveProgress {
  const progress = new LiveProgress(stage.around, stage.terminal, false);
  for (const body of bodies) progress.report(stage.event(body));
  return progress;
}

describe('a run on a terminal', () => {
  test('is drawn at most ten times a second, and without events the clock moves twice a second', () => {
    const stage = new Stage();
    const progress = live(stage, begun(['a', 'b']));
    const frames = () => stage.written.split('\u001b[?2026h').length - 1;
    stage.pass(100);
    const before = frames();
    for (let ms = 0; ms < 1_000; ms += 5) {
      progress.report(stage.event({ type: 'step.progress', step: 'a', done: ms }));
      progress.report(stage.event(ms === 0 ? start('a') : { type: 'step.progress', step: 'a', done: ms }));
      stage.pass(5);
    }
    expect(frames() - before).toBeLessThanOrEqual(10);
    const idle = frames();
    stage.pass(10_000);
    expect(frames() - idle).toBeGreaterThanOrEqual(9);
    expect(frames() - idle).toBeLessThanOrEqual(20);
  });

  test('only lines that differ are written', () => {
    const stage = new Stage();
    const progress = live(stage, [...begun(['a', 'b']), start('a')]);
    stage.pass(100);
    const before = stage.written.length;
    progress.report(stage.event({ type: 'step.progress', step: 'a', done: 1, total: 2 }));
    stage.pass(100);
    const added = stage.written.slice(before);
    expect(added).toContain('1/2');
    expect(added).not.toContain('training');
  });

  test('keys show what was logged, why steps run and what failed, and the steps again; q asks for the end', () => {
    const stage = new Stage({ columns: 100 });
    const progress = live(stage, [...begun(['a', 'b']), start('a')]);
    progress.report(stage.event({ type: 'step.log', step: 'a', level: 'debug', message: 'half of it' }));
    stage.pass(100);
    expect(stage.screen.text).toContain('[l]ogs [w]hy [f]ailed [q]uit');
    const shown = (key: string) => {
      stage.press(key);
      return stage.screen.text;
    };
    expect(shown('l')).toContain('[a] half of it');
    expect(shown('w')).toContain('a: first run');
    expect(shown('f')).toContain('nothing has failed');
    expect(shown('f')).toMatch(/◐ a +running/);
    expect(shown('x')).toMatch(/◐ a +running/);
    let quits = 0;
    progress.onQuit(() => quits++);
    stage.press('q');
    expect(quits).toBe(1);
    progress.close();
    expect(stage.listeners).toBe(0);
  });

  test.each([40, 80, 200])('fits into %i columns, with names as wide as they come, in every view', (columns) => {
    const stage = new Stage({ columns });
    const names = ['数据清洗和合并'.repeat(4), 'é\u0301combining', '🚀 launch 👩‍🚀', 'x'.repeat(90)];
    const progress = live(stage, [...begun(names), ...names.slice(0, 2).map((name) => start(name))]);
    progress.report(
      stage.event({ type: 'step.log', step: names[0] as string, level: 'info', message: '终于'.repeat(90) }),
    );
    for (const key of ['', 'l', 'w', 'f']) {
      stage.press(key);
      stage.pass(600);
    }
    // What ops log is theirs, and may wrap; the area must not.
    const logged = Math.floor((2 * 2 * 90 + 60) / columns) + 1;
    expect(stage.screen.wrapped).toBeLessThanOrEqual(logged);
    const wide = new Screen(columns);
    for (const view of ['steps', 'logs', 'why', 'failed'] as const)
      for (const line of frameLines(progress.state, {
        paint: stage.terminal.paint,
        columns: columns - 1,
        rows: 24,
        now: 0,
        view,
      }))
        wide.write(`${line}\n`);
    expect(wide.wrapped).toBe(0);
  });

  test('is drawn anew in the new size when the terminal is resized', () => {
    const stage = new Stage({ columns: 120 });
    const progress = live(stage, [...begun(['a', 'b']), start('a')]);
    stage.pass(100);
    stage.screen = new Screen(40);
    stage.resize(40);
    expect(stage.screen.wrapped).toBe(0);
    expect(stage.screen.text).toContain('◐ a');
    // A terminal breaks the longer lines that it shows when it gets narrower: the rows that they take then are removed.
    const wide = stage.screen.lines.filter((line) => line.length > 20).length;
    stage.written = '';
    const rows = stage.screen.text.split('\n').length;
    stage.resize(20);
    expect(wide).toBeGreaterThan(0);
    expect(stage.written).toContain(`[${rows + wide}A`);
    stage.resize(40, 5);
    expect(stage.screen.text.split('\n').length).toBeLessThanOrEqual(5);
    progress.close();
  });

  test('in a terminal multiplexer the same is shown: unknown modes are ignored', () => {
    const [plain, tmux] = [new Stage(), new Stage({ env: { TERM: 'tmux-256color', TMUX: 'socket,1,0' } })];
    for (const stage of [plain, tmux]) {
      const progress = live(stage, [...begun(['a', 'b']), start('a')]);
      stage.pass(100);
      progress.report(stage.event(end('a')));
      stage.pass(100);
    }
    expect(tmux.screen.text).toBe(plain.screen.text);
    const sequences = new Set(tmux.written.match(CONTROL)?.map((text) => text.replace(/\d+A$/, 'A')));
    expect([...sequences].sort()).toEqual(['\u001b[?2026h', '\u001b[?2026l', '\u001b[A', '\u001b[K'].sort());
  });
});

describe('a look at a run', () => {
  /** Half of the steps over, a few running; how many ops and steps a frame goes through. */
  function looks(
    count: number,
    opAt: (index: number, count: number) => string,
  ): { readonly seen: number; readonly lines: number } {
    const state = new RunState();
    const stage = new Stage();
    const ids = Array.from({ length: count }, (_, index) => `step${index}`);
    const op = (id: string): string => opAt(Number(id.slice(4)), count);
    for (const body of begun(ids, { op })) state.apply(stage.event(body));
    for (const id of ids.slice(0, count / 2)) {
      state.apply(stage.event(start(id, op(id))));
      state.apply(stage.event(end(id, op(id))));
    }
    for (const id of ids.slice(count / 2, count / 2 + 20)) state.apply(stage.event(start(id, op(id))));
    let seen = 0;
    for (const map of [state.ops, state.activeOps, state.running, state.ended] as Map<string, unknown>[]) {
      const values = map.values.bind(map);
      map.values = () => counting(values());
    }
    const lines = frameLines(state, { paint: stage.terminal.paint, columns: 100, rows: 40, now: 0 });
    return { seen, lines: lines.length };

    function* counting<T>(values: Iterable<T>): Generator<T, undefined> {
      for (const value of values) {
        seen++;
        yield value;
      }
      return undefined;
    }
  }

  test.each([
    ['an op a step', (index: number) => `op${index}`],
    ['ten steps an op, one after the other', (index: number) => `op${Math.floor(index / 10)}`],
    ['ten steps an op, all begun', (index: number, count: number) => `op${index % (count / 10)}`],
    ['one op', () => 'embed'],
  ])('goes through no more than it shows, for a hundred steps and for ten thousand: %s', (_title, op) => {
    const most = 24;
    for (const count of [100, 1_000, 10_000]) {
      const { seen, lines } = looks(count, op);
      expect(seen).toBeLessThanOrEqual(2 * most);
      expect(lines).toBeLessThanOrEqual(most);
    }
  });
});

test('where lines are only appended, a sign of life comes every 15 seconds of silence', () => {
  const stage = new Stage();
  const progress = new LineProgress(stage.around, stage.terminal, false);
  for (const body of [...begun(['a', 'b']), start('a')]) progress.report(stage.event(body));
  const beats = () => stage.written.split('… 0/2 steps · running a').length - 1;
  stage.pass(14_000);
  expect(beats()).toBe(0);
  stage.pass(1_000);
  expect(beats()).toBe(1);
  progress.report(stage.event({ type: 'step.log', step: 'a', level: 'info', message: 'alive' }));
  stage.pass(14_000);
  expect(beats()).toBe(1);
  stage.pass(31_000);
  expect(beats()).toBe(4);
  progress.close();
  stage.pass(60_000);
  expect(beats()).toBe(4);
});

test('the summary of a step on GitHub stays below what GitHub takes, and says how much it leaves out', () => {
  const stage = new Stage();
  const summaryOf = (ids: readonly string[]): string => {
    const state = new RunState();
    const ended: EventBody = {
      type: 'run.end',
      run: '0'.repeat(26),
      status: 'success',
      ran: ids.length,
      reused: 0,
      skipped: 0,
      failed: 0,
      durationMs: 1,
      savedMs: 0,
    };
    for (const body of [...begun(ids), ...ids.map((id) => end(id)), ended]) state.apply(stage.event(body));
    const node = { namespace: '', outputs: ['result'], inputs: [], after: [], tags: {}, effect: false, resources: [] };
    return stepSummaryText(
      state,
      ids.map((id) => ({ ...node, id, op: id, place: undefined })),
    );
  };
  const named = (count: number, length: number) =>
    Array.from({ length: count }, (_, at) => `${at}`.padEnd(length, 'x'));
  expect(summaryOf(named(60, 5))).toContain('```mermaid');
  const many = summaryOf(named(1_000, 5));
  expect(many).toContain('| … 800 more |');
  expect(many).not.toContain('mermaid');
  const long = summaryOf(named(201, 9_000));
  expect(Buffer.byteLength(long)).toBeLessThan(900_000);
  expect(long).toContain('201 ran');
});
