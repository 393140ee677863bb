import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt, steady } from './support/prompt.ts';
import { Screen } from './support/screen.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});

test('the first run runs everything and says so', async () => {
  const { memo, at } = bound();
  const { code, out, err } = await memo('run');
  expect(code).toBe(0);
  expect(steady(err, at.directory)).toMatchInlineSnapshot(`
    "training · 5 steps · store fs:<project>/.memo/store
    plan   5 run  planned in 0 ms
      ✓ fetchDocs                ran       0 ms  first run
      ✓ chunk                    ran       0 ms  first run
    [embed] embedding
      ✓ embed                    ran       0 ms  first run
      ✓ fit                      ran       0 ms  first run
      ✓ report                   ran       0 ms  first run
    "
  `);
  expect(steady(out)).toMatchInlineSnapshot(`
    "training  ok in 0 ms  run ······   5 ran · 0 reused · 0 failed
      critical path 0 ms: fetchDocs → chunk → embed → fit → report
      first run: nothing to reuse yet; run it again to see
    "
  `);
});

test('the second run re-uses everything', async () => {
  const { memo, at } = bound();
  await memo('run');
  const { code, out, err } = await memo('run');
  expect(code).toBe(0);
  expect(steady(err, at.directory)).toMatchInlineSnapshot(`
    "training · 5 steps · store fs:<project>/.memo/store
    plan   5 reuse  planned in 0 ms
      ● fetchDocs                reused              saved 0 ms · run ······ · just now
      ● chunk                    reused              saved 0 ms · run ······ · just now
      ● embed                    reused              saved 0 ms · run ······ · just now
      ● fit                      reused              saved 0 ms · run ······ · just now
      ● report                   reused              saved 0 ms · run ······ · just now
    "
  `);
  expect(steady(out)).toMatchInlineSnapshot(`
    "training  ok in 0 ms  run ······   0 ran · 5 reused · 0 failed   FULL MEMO
    "
  `);
});

test('a run that computes another number says which, and what shows more', async () => {
  const { memo, at } = bound();
  const first = await memo('run --progress none');
  expect(first.out).not.toContain('memo diff');
  at.jobs([training({ versions, size: 3 })]);
  const { out } = await memo('run --progress none');
  expect(steady(out)).toMatchInlineSnapshot(`
    "training  ok in 0 ms  run ······   4 ran · 1 reused · 0 failed
      critical path 0 ms: chunk → embed → fit → report
      report.accuracy 2 → 3                                 memo show ······ · memo diff ······ ······
    "
  `);
  // Back to the first result, which is re-used, and on: compared with what the run before had, not with what was computed last.
  await at.jobs([training({ versions })]).memo('run --progress none');
  const narrow = await at.jobs([training({ versions, size: 1 })]).memo('run --progress none', { columns: 40 });
  expect(narrow.out).toContain('  report.accuracy 2 → 1\n');
  expect(Math.max(...narrow.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
});

test('where CI is set, no value of a run is shown', async () => {
  const { memo, at } = bound();
  await memo('run --progress none');
  const { out } = await at.jobs([training({ versions, size: 3 })]).memo('run --progress none', { env: { CI: 'true' } });
  expect(out).toContain('memo diff');
  expect(out).not.toContain('accuracy');
});

test('a failed step is told with its error and its log, and ends with 1', async () => {
  const { memo, at } = bound({ fails: 'embed' });
  const { code, out, err } = await memo('run --keep-going');
  expect(code).toBe(1);
  expect(steady(err, at.directory).replace(/\n +at .*/g, '')).toMatchInlineSnapshot(`
    "training · 5 steps · store fs:<project>/.memo/store
    plan   5 run  planned in 0 ms
      ✓ fetchDocs                ran       0 ms  first run
      ✓ chunk                    ran       0 ms  first run
    [embed] embedding
      ✗ embed                    failed    0 ms
          M6001 Step "embed" failed: embed is broken
            fix      Fix the op, or its input; nothing of this step was stored.
            docs     memo explain M6001
          last logged:
          │ embedding
      ○ fit                      skipped
      ○ report                   skipped
    "
  `);
  expect(steady(out)).toMatchInlineSnapshot(`
    "training  failed in 0 ms  run ······   2 ran · 0 reused · 1 failed · 2 skipped
      critical path 0 ms: fetchDocs → chunk
      failed: embed
      memo show ······ --logs · memo run --only embed
    "
  `);
});

test('after a failure only what failed is run by --retry-failed', async () => {
  const at = prompt().jobs([training({ versions, fails: 'embed' })]);
  await at.memo('run');
  const { out } = await at.jobs([training({ versions })]).memo('run --retry-failed --json');
  expect(JSON.parse(out)).toMatchObject({ executed: ['embed'], reused: ['fetchDocs', 'chunk'] });
});

test('--from runs steps again and all below them', async () => {
  const { memo } = bound();
  await memo('run');
  const { out } = await memo('run --from fit --json');
  expect(JSON.parse(out)).toMatchObject({ executed: ['fit', 'report'] });
});

test('--no-memo re-uses nothing', async () => {
  const { memo } = bound();
  await memo('run');
  const { out } = await memo('run --no-memo --json');
  expect(JSON.parse(out).executed).toHaveLength(5);
});

test.each(['none', 'quiet'])('--progress %s keeps the answer only', async (how) => {
  const { memo } = bound();
  const { out, err } = await memo(`run --progress ${how}`);
  expect(err).toBe('');
  expect(out).toContain('5 ran · 0 reused · 0 failed');
});

test('--ndjson prints every event and nothing else', async () => {
  const { memo } = bound();
  const { out } = await memo('run --ndjson --progress none');
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string });
  expect(events[0]?.type).toBe('run.start');
  expect(events.at(-1)?.type).toBe('run.end');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
});

test('--summary writes the same document as --json', async () => {
  const { memo, at } = bound();
  const { out } = await memo('run --json --summary out.json');
  expect(JSON.parse(readFileSync(join(at.directory, 'out.json'), 'utf8'))).toEqual(JSON.parse(out));
});

test('--set gives the job its config, JSON5 or text', async () => {
  const { memo } = bound();
  await memo('run');
  const { out } = await memo('run --set source=other.json --json');
  expect(JSON.parse(out).executed).toContain('fetchDocs');
});

test('the first Ctrl-C starts nothing new, the second ends at once', async () => {
  const at = prompt();
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = op('slow', {
    run: async (_: object, { signal }) => {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      at.interrupt();
      return 1;
    },
  });
  const after = op('after', ({ x }: { x: number }) => x);
  at.jobs([job('patient', { versions, build: () => after({ x: slow() }) })]);
  const answer = at.memo('run');
  await running;
  at.interrupt();
  const { code, err } = await answer;
  expect(at.exited).toBe(130);
  expect(code).toBe(130);
  expect(err).toContain('stopping: nothing new is started');
  const [run = ''] = readdirSync(join(at.directory, '.memo', 'runs'));
  const journal = readFileSync(join(at.directory, '.memo', 'runs', run, 'events.ndjson'), 'utf8');
  expect(journal).toContain('"type":"run.end"');
  expect(journal).not.toContain('"step":"after","op":"after","status":"ran"');
});

test('a run that is interrupted at any event leaves a whole journal, and the next run goes on from what is stored', async () => {
  const whole = (
    await prompt()
      .jobs([training({ versions })])
      .memo('run --ndjson --progress none')
  ).out;
  const events = whole.trimEnd().split('\n').length;
  for (let at = 1; at < events; at += 4) {
    const there = prompt().jobs([training({ versions })]);
    let seen = 0;
    there.onOut = () => {
      if (++seen === at) there.interrupt();
    };
    const stopped = await there.memo('run --ndjson --progress none');
    const lines = stopped.out.trimEnd().split('\n');
    const [run] = readdirSync(join(there.directory, '.memo', 'runs')) as [string];
    const journal = readFileSync(join(there.directory, '.memo', 'runs', run, 'events.ndjson'), 'utf8');
    expect(
      journal
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual(lines.map((line) => JSON.parse(line).seq));
    expect(JSON.parse(lines.at(-1) as string).type).toBe('run.end');
    there.onOut = () => undefined;
    const ran = lines
      .map((line) => JSON.parse(line))
      .filter(({ type, status }) => type === 'step.end' && status === 'ran');
    const next = JSON.parse((await there.memo('run --json --progress none')).out);
    expect(next).toMatchObject({ status: 'success', reused: ran.map(({ step }) => step) });
  }
});

test('on a terminal the area is replaced by what stays', async () => {
  const { at } = bound();
  const screen = new Screen(80);
  at.onErr = (text) => screen.write(text);
  await at.memo('run', { tty: true, columns: 80, env: { NO_COLOR: '1' } });
  expect(steady(screen.text, at.directory)).toMatchInlineSnapshot(`
    "[embed] embedding
    training · 5 steps · store fs:<project>/.memo/store
    plan   5 run  planned in 0 ms
      ✓ fetchDocs                ran       0 ms  first run
      ✓ chunk                    ran       0 ms  first run
      ✓ embed                    ran       0 ms  first run
      ✓ fit                      ran       0 ms  first run
      ✓ report                   ran       0 ms  first run"
  `);
});

test.each([40, 80, 200])('no line but an example to copy is wider than %i columns', async (columns) => {
  const { memo } = bound({ fails: 'embed' });
  for (const line of ['run', 'plan', 'plan --why', 'why fit', '--help', 'run --help']) {
    const { out, err } = await memo(line, { columns });
    const wide = `${out}\n${err}`.split('\n').filter((text) => [...text].length > columns && !text.startsWith('  $ '));
    expect(wide).toEqual([]);
  }
});

test('--ascii writes ASCII only', async () => {
  const { memo } = bound();
  for (const line of ['run --ascii', 'plan --ascii', 'why fit --ascii']) {
    const { out, err } = await memo(line);
    expect(out + err).toMatch(/^[\n -~]*$/);
  }
});

test('names with control characters cannot move the cursor', async () => {
  const at = prompt();
  const evil = op('evil\u001b[2J\u202e', () => {
    throw new Error('boom\u001b]0;title\u0007');
  });
  at.jobs([job('bad\u001b[31m', { versions, build: () => evil() })]);
  for (const line of ['plan', 'run', 'plan --why', '']) {
    const { out, err } = await at.memo(line);
    expect((out + err).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  }
});

function bound(options: { fails?: string } = {}) {
  const at = prompt().jobs([training({ versions, ...options })]);
  return { at, memo: at.memo.bind(at) };
}

test('what to do about a failed step is said to its end, however narrow the terminal', async () => {
  const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1 }) as never });
  const at = prompt().jobs([job('narrow', { versions, build: () => split({}) })]);
  const { err } = await at.memo('run', { columns: 50 });
  const said = err.slice(err.indexOf('M6002'));
  expect(said.replace(/\s+/g, ' ')).toMatch(/fix Return an object .*`optional: true`\. docs memo explain M6002/);
  for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(50);
});
