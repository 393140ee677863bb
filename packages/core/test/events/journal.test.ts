import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journalReporter, readJournal } from '../../src/events/journal.ts';
import type { MemoEvent } from '../../src/events/memo-event.ts';
import { end, events, planned, reuse, runEnd, runStart } from './run-events.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memo-journal-'));
  file = join(directory, 'runs', '42', 'events.ndjson');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function read(path = file): Promise<readonly MemoEvent[]> {
  const found: MemoEvent[] = [];
  for await (const event of readJournal(path)) found.push(event);
  return found;
}

const run = events(runStart({ config: { k: 'zażółć\n\u2028' } }), planned(), reuse('load'), end('clean'), runEnd());

/** Events that all happen at one time. */
const atOnce = (list: readonly MemoEvent[]): readonly MemoEvent[] => list.map((event) => ({ ...event, t: 0 }));

describe('a journal', () => {
  test('holds every event, one line each, and reads back as it was', async () => {
    const report = journalReporter(file);
    for (const event of run) report(event);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(run.length + 1);
    expect(await read()).toEqual(run);
  });

  test.runIf(process.platform !== 'win32')('is for its owner only', () => {
    const report = journalReporter(file);
    for (const event of run) report(event);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is made with the first event, not before', () => {
    const report = journalReporter(file);
    expect(existsSync(join(directory, 'runs'))).toBe(false);
    report(run[0] as MemoEvent);
    expect(existsSync(file)).toBe(true);
  });

  test('is written when a run begins, a step fails or the run ends; what is between waits', async () => {
    const report = journalReporter(file);
    const lengths: number[] = [];
    for (const event of atOnce(
      events(runStart(), end('a'), end('b', { status: 'failed' }), end('c'), end('d'), runEnd()),
    )) {
      report(event);
      lengths.push((await read()).length);
    }
    expect(lengths).toEqual([1, 1, 3, 3, 3, 6]);
  });

  test('is written when a second has passed between events, and when 64 KB wait', async () => {
    const report = journalReporter(file);
    const late = (t: number): MemoEvent => ({ v: 1, seq: 1, t, ...end('a') });
    report(late(0));
    report(late(999));
    expect(existsSync(file)).toBe(false);
    report(late(1_000));
    expect(await read()).toHaveLength(3);
    const log: MemoEvent = { v: 1, seq: 2, t: 1_000, type: 'step.log', level: 'info', message: 'x'.repeat(40_000) };
    report(log);
    expect(await read()).toHaveLength(3);
    report(log);
    expect(await read()).toHaveLength(5);
  });

  test('has what was waiting when it is closed, and nothing that comes later', async () => {
    const report = journalReporter(file);
    const [first, second, third] = atOnce(events(end('a'), end('b'), runEnd())) as [MemoEvent, MemoEvent, MemoEvent];
    report(first);
    report.close();
    report(second);
    report(third);
    report.close();
    expect(await read()).toEqual([first]);
  });

  test('says as text what JSON cannot say, and keeps the frame of what it cannot write', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const odd = {
      v: 1,
      seq: 1,
      t: 5,
      type: 'step.log',
      step: 'fit',
      level: 'info',
      message: 'm',
      data: { big: 12n, none: undefined },
    };
    const report = journalReporter(file);
    report(odd as never);
    report({ ...odd, type: 'step.end', data: cycle } as never);
    report.close();
    expect(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { v: 1, seq: 1, t: 5, type: 'step.log', step: 'fit', level: 'info', message: 'm', data: { big: '12' } },
      { v: 1, seq: 1, t: 5, type: 'step.end', step: 'fit' },
    ]);
  });

  test('that begins in a file with a torn line loses nothing of its own', async () => {
    mkdirSync(join(directory, 'runs', '42'), { recursive: true });
    writeFileSync(file, '{"v":1,"seq":');
    const report = journalReporter(file);
    for (const event of run) report(event);
    expect(await read()).toEqual(run);
  });
});

describe('a journal that cannot be written', () => {
  test('tells once, drops the rest, and throws nothing', () => {
    writeFileSync(join(directory, 'runs'), 'a file where a folder must be');
    const errors: unknown[] = [];
    const report = journalReporter(file, {
      onError: (error) => {
        errors.push(error);
        throw new Error('from the listener');
      },
    });
    for (const event of [...run, ...run]) report(event);
    report.close();
    expect(errors).toEqual([expect.objectContaining({ syscall: 'mkdir' })]);
  });

  test('needs nobody to tell', () => {
    writeFileSync(join(directory, 'runs'), '');
    const report = journalReporter(file);
    expect(() => report(run[0] as MemoEvent)).not.toThrow();
  });

  test.runIf(process.platform !== 'win32')('is not led to another file by a link', () => {
    const target = join(directory, 'precious');
    writeFileSync(target, 'precious');
    const link = join(directory, 'events.ndjson');
    symlinkSync(target, link);
    const errors: unknown[] = [];
    const report = journalReporter(link, { onError: (error) => errors.push(error) });
    for (const event of run) report(event);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(errors).toHaveLength(1);
  });
});

describe.runIf(process.platform === 'linux')('open files', () => {
  const openFiles = (): number => readdirSync('/proc/self/fd').length;

  test('are none, though 1,000 journals were begun and 100 were read in part', async () => {
    const before = openFiles();
    for (let index = 0; index < 1_000; index++) {
      const report = journalReporter(join(directory, `${index}.ndjson`));
      report(run[0] as MemoEvent);
      report(run[1] as MemoEvent);
    }
    expect(openFiles()).toBe(before);
    for (let index = 0; index < 100; index++)
      for await (const _ of readJournal(join(directory, `${index}.ndjson`))) break;
    expect(openFiles()).toBe(before);
  });
});

describe('reading', () => {
  const write = (text: string): void => {
    mkdirSync(join(directory, 'runs', '42'), { recursive: true });
    appendFileSync(file, text);
  };
  const line = (event: unknown): string => `${JSON.stringify(event)}\n`;

  test('leaves out a last line that is torn, wherever it is torn', async () => {
    const [first, second] = run as [MemoEvent, MemoEvent];
    const whole = line(first);
    for (const end of [1, whole.length / 2, whole.length - 2, whole.length - 1]) {
      rmSync(file, { force: true });
      write(line(second) + whole.slice(0, end));
      expect(await read()).toEqual([second]);
    }
  });

  test('skips lines that are no events', async () => {
    const lines = [
      '',
      'x',
      '[]',
      'null',
      '1',
      '{}',
      '{"v":2,"seq":1,"t":1,"type":"run.end"}',
      '{"v":1,"seq":"1","t":1,"type":"moon"}',
      '\0\0',
      '{"v":1,"seq":1,"t":1,"type":"step.end","step":7}',
    ];
    write(`${lines.join('\n')}\n`);
    write(line(run[0]));
    expect(await read()).toEqual([run[0]]);
  });

  test('passes on events of types that it does not know', async () => {
    const moon = { v: 1, seq: 1, t: 1, type: 'moon.phase', phase: { full: true } };
    const constructed = { v: 1, seq: 2, t: 1, type: 'constructor' };
    write(line(moon) + line(constructed));
    expect(await read()).toEqual([moon, constructed]);
  });

  test('skips a line of more than 16 MB and goes on behind it', async () => {
    write(`${'x'.repeat(17 * 1024 * 1024)}\n`);
    write(line(run[0]));
    expect(await read()).toEqual([run[0]]);
  });

  test('of a file that is not there is an error with a code', async () => {
    await expect(read(join(directory, 'none'))).rejects.toMatchObject({ code: 'M5009', cause: { code: 'ENOENT' } });
    await expect(read(directory)).rejects.toMatchObject({ code: 'M5009', cause: { code: 'EISDIR' } });
  });

  test('gives back what was written, wherever the chunks of the file end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40_000 }), { maxLength: 8 }),
        async (messages) => {
          rmSync(file, { force: true });
          const all = events(
            runStart(),
            ...messages.map((message) => ({ type: 'step.log' as const, level: 'info' as const, message })),
            runEnd(),
          );
          const report = journalReporter(file);
          for (const event of all) report(event);
          expect(await read()).toEqual(all);
        },
      ),
      { numRuns: 30 },
    );
  });
});
