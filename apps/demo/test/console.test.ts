import type { MemoEvent } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { duration, size } from '../src/console/amounts.ts';
import { because } from '../src/console/because.ts';
import { paintFor } from '../src/console/paint.ts';
import { Progress } from '../src/console/progress.ts';
import { type Outcome, summaryLines } from '../src/console/summary.ts';

const PLAIN = paintFor({ isTTY: false }, {});

test('durations and sizes have three digits or fewer', () => {
  expect([0.42, 38.2, 999.4, 999.6, 3_412, 18_930, 125_000].map(duration)).toEqual([
    '0.4 ms',
    '38 ms',
    '999 ms',
    '1.00 s',
    '3.41 s',
    '18.9 s',
    '2 min 5 s',
  ]);
  expect([512, 290_377, 999_600, 35_999_508, 156_000_000].map(size)).toEqual([
    '512 B',
    '290 kB',
    '1.0 MB',
    '36.0 MB',
    '156 MB',
  ]);
});

describe('colours', () => {
  const red = '\u001b[31mx\u001b[39m';
  test.each([
    ['a terminal', { isTTY: true }, {}, red, true],
    ['a pipe', {}, {}, 'x', false],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, 'x', true],
    ['an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, red, true],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, 'x', false],
    ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, red, false],
    ['FORCE_COLOR=0', {}, { FORCE_COLOR: '0' }, 'x', false],
    ['CI', { isTTY: true }, { CI: 'true' }, red, false],
  ])('%s', (_, terminal, env, text, live) => {
    const paint = paintFor(terminal, env);
    expect(paint.red('x')).toBe(text);
    expect(paint.live).toBe(live);
  });
});

describe('reasons in words', () => {
  test.each([
    [[{ code: 'first-run' }], 'first run'],
    [
      [{ code: 'changed', changes: [{ kind: 'config', path: 'lateAfter', before: 15, after: 30 }] }],
      'config lateAfter 15 → 30',
    ],
    [
      [
        {
          code: 'changed',
          changes: [{ kind: 'upstream', input: 'a', step: 'clean', output: 'flights', before: 'x', after: 'y' }],
        },
      ],
      'clean.flights changed',
    ],
    [
      [
        {
          code: 'changed',
          changes: [
            {
              kind: 'resource',
              resource: 'theme',
              changes: [{ kind: 'config', path: 'palette', before: 'ember', after: 'ocean' }],
            },
          ],
        },
      ],
      'resource theme: config palette "ember" → "ocean"',
    ],
    [
      [
        {
          code: 'changed',
          changes: [
            { kind: 'salt' },
            {
              kind: 'resource',
              resource: 'a',
              changes: [{ kind: 'resource', resource: 'b', changes: [{ kind: 'salt' }] }],
            },
            ...['p', 'q', 'r', 's'].map((step) => ({
              kind: 'upstream' as const,
              input: 'i',
              step,
              output: 'result',
              before: 'x',
              after: 'y',
            })),
          ],
        },
      ],
      'salt changed, resource a > b: salt changed, p, q and 2 more changed',
    ],
    [
      [
        {
          code: 'changed',
          changes: [
            {
              kind: 'code',
              by: 'source-hash',
              before: 'a',
              after: 'b',
              changes: [{ what: 'symbol', name: 'src/words.ts#percent', how: 'changed' }],
            },
          ],
        },
      ],
      'code: src/words.ts#percent changed',
    ],
    [[{ code: 'missing', outputs: ['result'] }], 'not in the store: result'],
    [[{ code: 'absent-input', input: 'a', step: 'clean', output: 'rejected' }], 'clean gave no rejected'],
    [[{ code: 'not-needed' }], 'nobody needs it'],
    [[{ code: 'memo-off' }], 'memo off'],
  ] as const)('%j', (reasons, words) => {
    expect(because(reasons)).toBe(words);
  });
});

describe('progress', () => {
  const base = { v: 1, seq: 1, t: 0 } as const;
  const told = (events: readonly object[], paint = PLAIN): string => {
    let text = '';
    const progress = new Progress((part) => {
      text += part;
    }, paint);
    for (const event of events) progress.report({ ...base, ...event } as MemoEvent);
    return text;
  };
  const start = { type: 'step.start', step: 'load', op: 'load', attempt: 1, reasons: [{ code: 'first-run' }] };
  const end = { type: 'step.end', step: 'load', op: 'load', status: 'ran', durationMs: 3_412, attempts: 1 };

  test('a step that ran has its time, its reason and what it wrote', () => {
    expect(told([start, { type: 'output.stored', step: 'load', output: 'result', bytes: 36e6 }, end])).toBe(
      '  ✓ run    load                3.41 s  first run, wrote 36.0 MB\n',
    );
  });

  test('a step that is re-used says what that saved', () => {
    expect(told([{ type: 'step.reuse', step: 'load', op: 'load', version: 'v', savedMs: 3_412 }])).toBe(
      '  ● reuse  load                3.41 s  saved\n',
    );
  });

  test('a step that failed or was skipped says why', () => {
    const failed = { ...end, status: 'failed', error: { name: 'Error', message: 'no such file\n  fix  make it' } };
    expect(told([failed])).toBe('  ✗ failed load                3.41 s  no such file\n');
    const skip = { step: 'audit', op: 'audit', action: 'skip', reasons: [{ code: 'not-needed' }] };
    const plan = { type: 'plan', run: 1, reuse: 0, skip: 1, pending: 2, savedMs: 0, planMs: 38, steps: [skip] };
    expect(told([plan, { ...end, step: 'audit', status: 'skipped', durationMs: 0 }])).toBe(
      'plan     1 run · 2 pending · 1 skip  in 38 ms\n\n  ○ skip   audit                       nobody needs it\n',
    );
  });

  test('a terminal shows what is running, and takes it back', () => {
    const text = told([start, end], paintFor({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }));
    expect(text).toBe('  ◐ running load\r\u001b[2K  ✓ run    load                3.41 s  first run\n');
  });

  test('a pipe gets no control characters', () => {
    expect(told([start, end])).not.toContain('\u001b');
  });
});

describe('the summary', () => {
  const outcome: Outcome = {
    job: 'flights',
    executed: 24,
    reused: 0,
    skipped: 0,
    durationMs: 18_900,
    savedMs: 0,
    first: true,
    store: { path: '.memo', bytes: 156e6, files: 29 },
    report: { path: 'out/report.html', bytes: 290_377 },
  };

  test('of a first run invites to a second', () => {
    expect(summaryLines(outcome, PLAIN)).toBe(
      [
        '',
        'flights  ok in 18.9 s  24 ran · 0 reused',
        'store    156 MB in 29 files  .memo',
        'report   out/report.html  290 kB',
        '',
        'First run: nothing to reuse yet. Run it again, or change something and see what runs.',
        '',
      ].join('\n'),
    );
  });

  test('of a run that computed nothing says what was saved', () => {
    const text = summaryLines(
      { ...outcome, executed: 0, reused: 24, durationMs: 140, savedMs: 17_400, first: false },
      PLAIN,
    );
    expect(text).toContain('flights  ok in 140 ms  0 ran · 24 reused  FULL MEMO\nsaved    17.4 s of computing\n');
  });

  test('of a run in memory says that nothing is kept', () => {
    expect(summaryLines({ ...outcome, store: undefined }, PLAIN)).toContain('gone when this process ends');
  });
});
