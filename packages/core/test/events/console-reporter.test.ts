import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { type ConsoleReporterOptions, consoleReporter } from '../../src/events/console-reporter.ts';
import type { EventBody, MemoEvent } from '../../src/events/memo-event.ts';
import type { Change } from '../../src/plan/reason.ts';
import { end, events, planned, reuse, runEnd, runStart, START } from './run-events.ts';

afterEach(() => vi.unstubAllEnvs());

function written(options: ConsoleReporterOptions, ...bodies: readonly EventBody[]): string {
  const texts: string[] = [];
  const report = consoleReporter({ color: false, stream: { write: (text) => texts.push(text) }, ...options });
  for (const event of events(...bodies)) report(event);
  return texts.join('');
}

const linesOf = (...bodies: readonly EventBody[]): readonly string[] =>
  written({}, ...bodies)
    .split('\n')
    .slice(0, -1);

const chunkChanged: Change = {
  kind: 'code',
  by: 'source-hash@1',
  before: '1',
  after: '2',
  changes: [{ what: 'function', name: 'chunk()', how: 'changed' }],
};

describe('a run', () => {
  test('is a header, the plan, a line for each step when it is over, and a summary', () => {
    const lines = linesOf(
      runStart(),
      planned({
        steps: [{ step: 'fit', op: 'fit', action: 'pending', reasons: [{ code: 'needed-if', step: 'chunk' }] }],
      }),
      reuse('fetchDocs', { producedBy: '41', producedAt: START - 2 * 3_600_000, savedMs: 12_400 }),
      reuse('split'),
      {
        type: 'step.start',
        step: 'chunk',
        op: 'chunk',
        attempt: 1,
        reasons: [{ code: 'changed', changes: [chunkChanged] }],
      },
      end('chunk'),
      end('fit', { durationMs: 9_800 }),
      end('report', { status: 'skipped', reasons: [{ code: 'not-needed' }] }),
      runEnd({ ran: 2, reused: 2, skipped: 1, savedMs: 532_000 }),
    );
    expect(lines).toEqual([
      'training · 4 steps · store fs:.memo/store · run 42',
      `plan   ${'1 run · 2 reuse · 1 pending'.padEnd(40)} planned in 38 ms`,
      '  ● fetchDocs                reused                saved 12.4 s · run 41 · 2 h ago',
      '  ● split                    reused',
      '  ✓ chunk                    ran       0.1 s       code changed: chunk()',
      '  ✓ fit                      ran       9.8 s       depends on chunk',
      '  ○ report                   skipped               everything that reads it is reused',
      'training  ok in 26.7 s   2 ran · 2 reused · 0 failed · 1 skipped   saved ~8 min 52 s',
    ]);
  });

  test('in which everything was re-used is a full memo', () => {
    expect(linesOf(runStart(), runEnd({ ran: 0, reused: 138, durationMs: 200, savedMs: 558_000 })).at(-1)).toBe(
      'training  ok in 0.2 s   0 ran · 138 reused · 0 failed   FULL MEMO   saved ~9 min 18 s',
    );
  });

  test('in which nothing was there to re-use says that the next one will', () => {
    const steps = [
      { step: 'load', op: 'load', action: 'run', reasons: [{ code: 'first-run' }] },
      { step: 'clean', op: 'clean', action: 'pending', reasons: [{ code: 'needed-if', step: 'load' }] },
    ] as const;
    const hint = 'first run: nothing to reuse yet; run it again to see';
    expect(linesOf(runStart(), planned({ reuse: 0, steps }), runEnd()).at(-1)).toBe(hint);
    expect(linesOf(runStart(), planned({ reuse: 1, steps }), runEnd())).not.toContain(hint);
    expect(linesOf(runStart(), planned({ reuse: 0, steps }), runEnd({ status: 'failure' }))).not.toContain(hint);
  });

  test('that was cancelled, or failed before its first step, says so', () => {
    expect(linesOf(runStart(), runEnd({ status: 'cancelled' })).at(-1)).toMatch(/^training {2}cancelled after 26\.7 s/);
    const error = {
      name: 'MemoError',
      code: 'M5002',
      message: 'M5002 The store cannot be reached.\n  docs     docs/errors/M5002.md',
    };
    expect(linesOf(runStart(), runEnd({ status: 'failure', error, ran: 0, reused: 0 })).slice(1)).toEqual([
      '      M5002 The store cannot be reached.',
      '        docs     docs/errors/M5002.md',
      'training  failed in 26.7 s   0 ran · 0 reused · 0 failed',
    ]);
  });

  test('after another one begins anew', () => {
    const failed = end('fit', { status: 'failed', error: { name: 'Error', message: 'no' } });
    const lines = linesOf(
      runStart(),
      failed,
      runEnd({ status: 'failure', failed: 1 }),
      runStart({ job: 'second', memo: 'off' }),
      runEnd(),
    );
    expect(lines.slice(-2)).toEqual([
      'second · 4 steps · store fs:.memo/store · memo off · run 42',
      'second  ok in 26.7 s   1 ran · 1 reused · 0 failed',
    ]);
  });
});

describe('a failed step', () => {
  const cause = new TypeError('docs is not iterable');
  const error = new MemoError('M6001', 'fit failed: TypeError: docs is not iterable', {
    place: { file: 'src/ops.ts', line: 44 },
    cause,
  });
  const failed = end('fit', {
    status: 'failed',
    attempts: 3,
    durationMs: 2_100,
    error: {
      name: 'MemoError',
      code: 'M6001',
      message: error.message,
      stack: 'MemoError: …\n    at run (src/ops.ts:44:3)',
    },
  });

  test('shows its error as it is laid out, and is named again at the end', () => {
    expect(linesOf(runStart(), failed, runEnd({ status: 'failure', ran: 0, reused: 0, failed: 1 })).slice(1)).toEqual([
      '  ✗ fit                      failed    2.1 s       after 3 attempts',
      '      M6001 fit failed: TypeError: docs is not iterable',
      '        at       src/ops.ts:44',
      '        docs     docs/errors/M6001.md',
      'training  failed in 26.7 s   0 ran · 0 reused · 1 failed',
      '  failed: fit',
    ]);
  });

  test('shows the stack when asked for more', () => {
    expect(written({ verbose: true }, runStart(), failed)).toContain('          at run (src/ops.ts:44:3)\n');
  });

  test('is announced with its next attempt before that', () => {
    const retry: EventBody = {
      type: 'step.retry',
      step: 'fit',
      attempt: 1,
      delayMs: 1_800,
      error: { name: 'Error', message: '429\nslow down' },
    };
    expect(linesOf(runStart(), retry).slice(1)).toEqual(['  ↻ fit retry 2 in 1.8 s: 429\\nslow down']);
  });
});

describe('beside steps', () => {
  test('logs have their step before each line; debug logs come only when asked for', () => {
    const logs: readonly EventBody[] = [
      { type: 'step.log', step: 'fit', level: 'info', message: 'epoch 1\nepoch 2', data: { loss: 0.5 } },
      { type: 'step.log', step: 'fit', level: 'debug', message: 'detail' },
      { type: 'step.log', resource: 'db', level: 'warn', message: 'slow' },
      { type: 'step.log', level: 'error', message: 'of nobody' },
    ];
    const common = ['[fit] epoch 1', '[fit] epoch 2 {"loss":0.5}', '[resource db] slow', '[training] of nobody'];
    expect(linesOf(runStart(), ...logs).slice(1)).toEqual(common);
    expect(written({ verbose: true }, runStart(), ...logs)).toContain('[fit] detail\n');
  });

  test('warnings, losses, new generations, maps and resources have a line', () => {
    expect(
      linesOf(
        runStart(),
        { type: 'warning', code: 'untracked-resource', message: 'db', step: 'fit' },
        { type: 'warning', code: 'nothing-kept', message: 'in memory' },
        { type: 'output.lost', step: 'fit', output: 'result', error: { name: 'MemoError', message: 'gone' } },
        { type: 'step.rebound', step: 'fit', version: 'v', pub: 'p', generation: 2 },
        { type: 'map.expand', step: 'embed[*]', items: 4_096, reuse: 128 },
        { type: 'resource.setup', resource: 'db', durationMs: 5 },
        { type: 'resource.teardown', resource: 'db', durationMs: 5, error: { name: 'Error', message: 'hung' } },
      ).slice(1),
    ).toEqual([
      '  ! untracked-resource fit: db',
      '  ! nothing-kept: in memory',
      '  ! fit.result was lost, fit runs again: gone',
      '  ! fit gave another result than before (generation 2)',
      '  ◐ embed[*] has 4,096 items, 128 reused',
      '  ✗ resource db torn down: failed',
      '      Error: hung',
    ]);
    expect(written({ verbose: true }, runStart(), { type: 'resource.setup', resource: 'db', durationMs: 5 })).toContain(
      'resource db set up in 5 ms',
    );
  });

  test('events of types that it does not know say nothing', () => {
    expect(
      linesOf(runStart(), { type: 'moon.phase' } as never, { type: 'step.progress', step: 'fit', done: 1 }),
    ).toHaveLength(1);
  });
});

describe('many steps', () => {
  const many: readonly EventBody[] = [
    ...Array.from({ length: 250 }, (_, index) => reuse(`embed_${index}`, { op: 'embed', savedMs: 1_000 })),
    end('embed_x', { op: 'embed' }),
    ...Array.from({ length: 3 }, (_, index) =>
      end(`push_${index}`, { op: 'push', status: 'skipped', reasons: [{ code: 'not-needed' }] }),
    ),
  ];

  test('that did not run are counted by op; those that ran keep their lines', () => {
    expect(linesOf(runStart({ steps: 254 }), ...many, runEnd({ reused: 250, skipped: 3 })).slice(1)).toEqual([
      '  ✓ embed_x                  ran       0.1 s',
      '  ● embed                    reused                250 steps · saved 4 min 10 s',
      '  ○ push                     skipped               3 steps',
      'training  ok in 26.7 s   1 ran · 250 reused · 0 failed · 3 skipped',
    ]);
  });

  test('are all listed when asked for more', () => {
    expect(written({ verbose: true }, runStart({ steps: 254 }), ...many).split('\n')).toHaveLength(1 + 254 + 1);
  });
});

describe('colours', () => {
  const colored = (options: ConsoleReporterOptions, isTTY?: boolean): boolean => {
    const texts: string[] = [];
    const report = consoleReporter({ stream: { write: (text) => texts.push(text), isTTY }, ...options });
    for (const event of events(runStart(), end('fit'))) report(event);
    return texts.join('').includes('\u001b[');
  };

  test.each([
    { env: {}, isTTY: true, colors: true },
    { env: {}, isTTY: false, colors: false },
    { env: { TERM: 'dumb' }, isTTY: true, colors: false },
    { env: { NO_COLOR: '1' }, isTTY: true, colors: false },
    { env: { NO_COLOR: '' }, isTTY: true, colors: true },
    { env: { FORCE_COLOR: '1' }, isTTY: false, colors: true },
    { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, isTTY: false, colors: true },
    { env: { FORCE_COLOR: '0' }, isTTY: true, colors: false },
  ])('$env on a terminal: $isTTY give colours: $colors', ({ env, isTTY, colors }) => {
    for (const name of ['TERM', 'NO_COLOR', 'FORCE_COLOR']) vi.stubEnv(name, undefined);
    for (const [name, set] of Object.entries(env)) vi.stubEnv(name, set);
    expect(colored({}, isTTY)).toBe(colors);
    expect(colored({ color: !colors }, isTTY)).toBe(!colors);
  });

  test('never carry meaning: without them the text is the same', () => {
    const bodies = [runStart(), planned(), reuse('a'), end('b'), end('c', { status: 'failed' }), runEnd()];
    expect(stripVTControlCharacters(written({ color: true }, ...bodies))).toBe(written({ color: false }, ...bodies));
  });
});

test('no text of an event can move the cursor', () => {
  const hostile = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(hostile, (text) => {
      const error = { name: text, message: text, stack: text };
      const output = written(
        { verbose: true },
        runStart({ job: text, run: text, stores: { default: text, other: text } }),
        reuse(text, { producedBy: text }),
        end(text, { status: 'failed', error }),
        end(text, { status: 'skipped', reasons: [{ code: 'needed-if', step: text }] }),
        { type: 'step.log', step: text, level: 'warn', message: text, data: text },
        { type: 'warning', code: text, message: text, step: text },
        { type: 'output.lost', step: text, output: text, error },
        { type: 'resource.setup', resource: text, durationMs: 1, error },
        runEnd({ status: 'failure', error }),
      );
      expect(output.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }),
  );
});

test('one write an event at most, each of whole lines', () => {
  const texts: string[] = [];
  const report = consoleReporter({ color: false, stream: { write: (text) => texts.push(text) } });
  const all: readonly MemoEvent[] = events(runStart(), planned(), reuse('a'), end('b'), runEnd());
  for (const event of all) report(event);
  expect(texts).toHaveLength(all.length);
  for (const text of texts) expect(text).toMatch(/^.+\n$/s);
});
