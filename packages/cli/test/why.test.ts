import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnyJob,
  type CodeVersion,
  configure,
  job,
  op,
  provide,
  resource,
  tiered,
  type VersionStrategy,
} from '@memo/core';
import { fs } from '@memo/io-fs';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { lineDiff } from '../src/why/line-diff.ts';
import { shownParts } from '../src/why/shown-parts.ts';
import { fakeStrategy, type Sources } from './support/fake-strategy.ts';
import { type Prompt, prompt, steady } from './support/prompt.ts';
import { training } from './support/training.ts';

/** Runs a job, then asks about a step of what it is now. */
async function whyAfter(before: AnyJob, after: AnyJob, line = 'why fit'): Promise<string> {
  const at = prompt().jobs([before]);
  expect((await at.memo('run --progress none')).code).toBe(0);
  const { out, err } = await at.jobs([after]).memo(line);
  expect(err).toBe('');
  return steady(out);
}

describe('every kind of change', () => {
  test('code, down to the symbol and its lines', async () => {
    const body = 'function chunk(docs, size) {\n  return docs.slice(0, size);\n}';
    const sources: Sources = { chunk: { 'function chunk': body, 'const STOPWORDS': "['a']" } };
    const job = training({ versions: fakeStrategy(sources) });
    const at = prompt().jobs([job]);
    await at.memo('run --progress none');
    const filtered = 'function chunk(docs, size) {\n  return docs.slice(0, size).filter((d) => d.text);\n}';
    sources.chunk = { 'function chunk': filtered, 'const STOPWORDS': "['a']" };
    const { out } = await at.memo('why fit');
    expect(steady(out)).toMatchInlineSnapshot(`
      "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
      └─ chunk  code changed                  → embed → fit
           function chunk  src/ops.ts:31  changed
               function chunk(docs, size) {
             -   return docs.slice(0, size);
             +   return docs.slice(0, size).filter((d) => d.text);
               }
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('a helper, a constant and a dependency', async () => {
    const sources: Sources = {
      chunk: { 'function clean': 'trim(text)', 'const SIZE': '4', 'package lodash': '4.17.20' },
    };
    const job = training({ versions: fakeStrategy(sources) });
    const at = prompt().jobs([job]);
    await at.memo('run --progress none');
    sources.chunk = { 'function clean': 'trimEnd(text)', 'const SIZE': '8', 'package lodash': '4.17.21' };
    const { out } = await at.memo('why report');
    expect(steady(out)).toMatchInlineSnapshot(`
      "report may run: that is decided while running. Compared with run ······ (just now, version
      ········…):
      └─ chunk  code changed                  → embed → fit → report
           const SIZE      src/ops.ts:31  changed  4 → 8
           function clean  src/ops.ts:31  changed
             - trim(text)
             + trimEnd(text)
           package lodash  src/ops.ts:31  changed  4.17.20 → 4.17.21
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('what several steps share is said once, and what one has alone stays with it', async () => {
    const helper = { 'function clean': 'trim(text)' };
    const sources: Sources = { chunk: { ...helper, 'const SIZE': '4' }, embed: helper, report: helper };
    const at = prompt().jobs([training({ versions: fakeStrategy(sources) })]);
    await at.memo('run --progress none');
    const changed = { 'function clean': 'trimEnd(text)' };
    Object.assign(sources, { chunk: { ...changed, 'const SIZE': '8' }, embed: changed, report: changed });
    const { out } = await at.memo('why report');
    expect(steady(out)).toMatchInlineSnapshot(`
      "report will run. Compared with run ······ (just now, version ········…):
      ├─ chunk                 code changed                  → embed → fit → report
      │    const SIZE  src/ops.ts:31  changed  4 → 8
      └─ chunk, embed, report  code changed
           function clean  src/ops.ts:31  changed
             - trim(text)
             + trimEnd(text)
      "
    `);
    expect(out.match(/trimEnd/g)).toHaveLength(1);
  });

  test('config', async () => {
    const versions = fakeStrategy({});
    const at = prompt().jobs([training({ versions })]);
    await at.memo('run --progress none');
    const { out } = await at.memo('why fit --set source=other.json');
    expect(steady(out)).toMatchInlineSnapshot(`
      "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
      └─ fetchDocs  config \`source\` "docs.json" → "other.json"  → chunk → embed → fit
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('a literal input', async () => {
    const versions = fakeStrategy({});
    expect(await whyAfter(training({ versions, size: 2 }), training({ versions, size: 3 }))).toMatchInlineSnapshot(`
      "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
      └─ chunk  input size 2 → 3              → embed → fit
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('the strategy', async () => {
    const out = await whyAfter(
      training({ versions: fakeStrategy({}) }),
      training({ versions: fakeStrategy({}, 'fake@2') }),
      'why chunk',
    );
    expect(out).toMatchInlineSnapshot(`
      "chunk will run. Compared with run ······ (just now, version ········…):
      └─ fetchDocs, chunk  upgraded from fake@1 to fake@2
      unchanged: code ········… by fake@2, input size = 2
      "
    `);
  });

  test("a resource's config and code", async () => {
    const sources: Sources = { llm: { 'function setup': 'connect()' } };
    const versions = fakeStrategy(sources);
    const llm = resource('llm', { config: z.object({ model: z.string() }), setup: ({ config }) => config.model });
    const fit = op('fit', { uses: { llm }, run: (_: object, { use }) => use.llm });
    const using = (model: string) =>
      job('training', { versions, resources: [configure(llm, { model })], build: () => fit() });
    const at = prompt().jobs([using('small')]);
    await at.memo('run --progress none');
    sources.llm = { 'function setup': 'reconnect()' };
    const { out } = await at.jobs([using('large')]).memo('why fit');
    expect(steady(out)).toMatchInlineSnapshot(`
      "fit will run. Compared with run ······ (just now, version ········…):
      └─ fit  resource llm changed
           code changed
             function setup  src/ops.ts:31  changed
               - connect()
               + reconnect()
           config \`model\` "small" → "large"
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('a provided value of another version', async () => {
    const llm = resource.required<string>('llm');
    const fit = op('fit', { uses: { llm }, run: (_: object, { use }) => use.llm });
    const using = (version: string) =>
      job('training', { versions: fakeStrategy({}), resources: [provide(llm, 'x', { version })], build: () => fit() });
    expect(await whyAfter(using('1'), using('2'))).toMatchInlineSnapshot(`
      "fit will run. Compared with run ······ (just now, version ········…):
      └─ fit  resource llm changed
           code changed: 1 → 2
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('wiring', async () => {
    const [a, b] = [op('a', () => 1), op('b', () => 1)];
    const fit = op('fit', ({ x }: { x: number }) => x);
    const versions = fakeStrategy({});
    const wired = (source: typeof a) =>
      job('training', { versions, build: () => [fit({ x: source() }), a({}, { id: 'a2' })] });
    expect(await whyAfter(wired(a), wired(b))).toMatchInlineSnapshot(`
      "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
      ├─ b    first run                     → fit
      └─ fit  input x ← b.result instead of a.result
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('an environment variable, without its value', async () => {
    const fit = op('fit', { env: ['MEMO_TEST_REGION'], run: () => 1 });
    const made = job('training', { versions: fakeStrategy({}), build: () => fit() });
    const at = prompt().jobs([made]);
    process.env.MEMO_TEST_REGION = 'eu-secret';
    await at.memo('run --progress none');
    process.env.MEMO_TEST_REGION = 'us-secret';
    const { out } = await at.memo('why fit');
    delete process.env.MEMO_TEST_REGION;
    expect(out).not.toContain('secret');
    expect(steady(out)).toMatchInlineSnapshot(`
      "fit will run. Compared with run ······ (just now, version ········…):
      └─ fit  environment variable MEMO_TEST_REGION changed
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('a salt', async () => {
    const salted = (salt: string) => {
      const fit = op('fit', { salt, run: () => 1 });
      return job('training', { versions: fakeStrategy({}), build: () => fit() });
    };
    expect(await whyAfter(salted('a'), salted('b'))).toMatchInlineSnapshot(`
      "fit will run. Compared with run ······ (just now, version ········…):
      └─ fit  salt "a" → "b"
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('a stored value that is gone', async () => {
    const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
    await at.memo('run --progress none');
    for (const name of readdirSync(join(at.directory, '.memo', 'store')))
      if (!name.startsWith('records')) rmSync(join(at.directory, '.memo', 'store', name), { recursive: true });
    expect(steady((await at.memo('why report')).out)).toMatchInlineSnapshot(`
      "report will run. Its version is unchanged since run ······ (just now, version ········…):
      └─ report  result is gone from the store: result
      unchanged: code ········… by fake@1, input model ← fit.model
      "
    `);
  });

  test('nothing: memoization is off for the op', async () => {
    const fit = op('fit', { memo: 'off', run: () => 1 });
    const made = job('training', { versions: fakeStrategy({}), build: () => fit() });
    expect(await whyAfter(made, made)).toMatchInlineSnapshot(`
      "fit will run. No earlier run of its op is recorded.
      └─ fit  always runs: memoization is off for it
      "
    `);
  });

  test('nothing: the code has no version', async () => {
    const versions = { id: 'none', getOpVersion: () => undefined };
    const fit = op('fit', () => 1);
    const made = job('training', { versions, unversioned: 'volatile', build: () => fit() });
    expect(await whyAfter(made, made)).toMatchInlineSnapshot(`
      "fit will run. No earlier run of its op is recorded.
      └─ fit  always runs: its code has no version
      "
    `);
  });

  test('nothing: the result has expired', async () => {
    const fit = op('fit', { maxAge: '1m', run: () => 1 });
    const at = prompt().jobs([job('training', { versions: fakeStrategy({}), build: () => fit() })]);
    await at.memo('run --progress none');
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    const { out } = await at.memo('why fit');
    clock.mockRestore();
    expect(steady(out)).toMatchInlineSnapshot(`
      "fit will run. Its version is unchanged since run ······ (1 h ago, version ········…):
      └─ fit  expired: it is 1 h old, may be 1 min old
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('nothing was ever recorded', async () => {
    const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
    expect(steady((await at.memo('why fit')).out)).toMatchInlineSnapshot(`
      "fit will run. No earlier run of its op is recorded.
      └─ fit  first run
      "
    `);
  });

  test('nothing: it is re-used', async () => {
    const versions = fakeStrategy({});
    expect(await whyAfter(training({ versions }), training({ versions }))).toMatchInlineSnapshot(`
      "fit is reused. Nothing differs from run ······ (just now, version ········…).
      unchanged: code ········… by fake@1, input vectors ← embed
      "
    `);
    expect(
      await whyAfter(training({ versions }), training({ versions }), 'why fetchDocs --not'),
    ).toMatchInlineSnapshot(`
      "fetchDocs is reused. Nothing differs from run ······ (just now, version ········…).
        ✓ code ········… by fake@1
        ✓ config {"source":"docs.json"}
      "
    `);
  });
});

describe('every other reason', () => {
  test('refreshed: somebody, or the op, asks for it', async () => {
    const fit = op('fit', { memo: 'refresh', run: () => 1 });
    const made = job('training', { versions: fakeStrategy({}), build: () => fit() });
    expect(await whyAfter(made, made)).toMatchInlineSnapshot(`
      "fit will run. Its version is unchanged since run ······ (just now, version ········…):
      └─ fit  refreshed, as its op says
      unchanged: code ········… by fake@1
      "
    `);
    const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
    await at.memo('run --progress none');
    expect(steady((await at.memo('plan --force=chunk --why')).out).split('\n\n')[1]).toMatchInlineSnapshot(`
      "chunk will run. Its version is unchanged since run ······ (version ········…):
      └─ chunk  refreshed, as this run was asked to
      unchanged: code ········… by fake@1, input docs ← fetchDocs, input size = 2
      embed may run: that is decided while running. Its version is unchanged since run ······ (version
      ········…):
      └─ chunk  refreshed, as this run was asked to  → embed
      unchanged: code ········… by fake@1, input docs ← chunk
      fit may run: that is decided while running. Its version is unchanged since run ······ (version
      ········…):
      └─ chunk  refreshed, as this run was asked to  → embed → fit
      unchanged: code ········… by fake@1, input vectors ← embed
      report may run: that is decided while running. Its version is unchanged since run ······ (version
      ········…):
      └─ chunk  refreshed, as this run was asked to  → embed → fit → report
      unchanged: code ········… by fake@1, input model ← fit.model
      "
    `);
  });

  test('untrackable: what its code does cannot be seen, so it always runs', async () => {
    const versions: VersionStrategy = {
      id: 'careful@1',
      getOpVersion: () => ({ version: 'x', certainty: 'untrackable', volatile: true }) as CodeVersion,
    };
    const fit = op('fit', () => 1);
    const made = job('training', { versions, build: () => fit() });
    expect(await whyAfter(made, made)).toMatchInlineSnapshot(`
      "fit will run. No earlier run of its op is recorded.
      └─ fit  always runs: its code cannot be tracked
      "
    `);
  });

  test('upgraded: an algorithm of another name gives the same code another version', async () => {
    const fit = op('fit', () => 1);
    const under = (versions: VersionStrategy) => job('training', { versions, build: () => fit() });
    const before: VersionStrategy = { id: 'letters@1', getOpVersion: () => 'a1' };
    const after: VersionStrategy = {
      id: 'letters@2',
      getOpVersion: () => 'a2',
      previous: (asked) => [{ id: 'letters@1', versions: asked.map(() => 'a1') }],
    };
    expect(await whyAfter(under(before), under(after))).toMatchInlineSnapshot(`
      "fit is reused. Nothing differs from run ······ (just now, version ········…).
      └─ fit  upgraded from letters@1 to letters@2
      unchanged: code a2 by letters@2
      "
    `);
  });

  test('a tier: it was computed by another machine, and is compared with that', async () => {
    const shared = prompt();
    const sources: Sources = {};
    const using = (at: Prompt) =>
      at.jobs([training({ versions: fakeStrategy(sources) })], {
        io: tiered(fs(join(at.directory, 'own')), fs(join(shared.directory, 'shared'))),
      });
    expect((await using(prompt()).memo('run --progress none')).code).toBe(0);
    const at = using(prompt());
    expect(steady((await at.memo('why fit')).out)).toMatchInlineSnapshot(`
      "fit is reused. Nothing differs from run ······ (just now, version ········…).
      unchanged: code ········… by fake@1, input vectors ← embed
      "
    `);
    sources.chunk = { 'function chunk': 'other()' };
    expect(steady((await at.memo('why fit')).out)).toMatchInlineSnapshot(`
      "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
      └─ chunk  code changed                  → embed → fit
           function chunk  src/ops.ts:31  changed
             - chunk()
             + other()
      unchanged: code ········… by fake@1
      "
    `);
  });

  test('damaged: that is found when it is read, and the run says so', async () => {
    const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
    await at.memo('run --progress none');
    const store = join(at.directory, '.memo', 'store');
    const [path = ''] = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /outputs.*embed/.test(name) && statSync(join(store, name)).isFile(),
    );
    writeFileSync(join(store, path), 'torn');
    const { err } = await at.memo('run --only +fit --force=fit', { columns: 400 });
    expect(
      steady(err.slice(err.indexOf('!')), at.directory).replace(/at <project>\S+/, 'at <file>'),
    ).toMatchInlineSnapshot(`
      "! embed.result was lost, embed runs again: M5003 embed.result at <file> is not an object that memo wrote.
      [embed] embedding
        ✓ embed                    ran       0 ms  stored result cannot be read: result
        ✓ fit                      ran       0 ms  refreshed, as this run was asked to
      "
    `);
  });
});

test('a run and a version can be compared with', async () => {
  const versions = fakeStrategy({});
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  await at.memo('run --progress none --set source=b.json');
  const last = await at.memo('why fetchDocs --against last-1 --set source=b.json');
  expect(steady(last.out)).toContain('config `source` "docs.json" → "b.json"');
  const { checked, against } = JSON.parse((await at.memo('why fetchDocs --json')).out);
  expect(checked.length).toBeGreaterThan(1);
  const byVersion = await at.memo(`why fetchDocs --against ${against.version.slice(0, 10)}`);
  expect(byVersion.code).toBe(0);
});

test('an unknown step ends with 3 and is suggested', async () => {
  const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
  const { code, err } = await at.memo('why fti');
  expect(code).toBe(3);
  expect(err).toContain('Did you mean "fit"?');
});

test('planning and asking write nothing', async () => {
  const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
  await at.memo('run --progress none');
  const look = () =>
    readdirSync(at.directory, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [
        name,
        statSync(join(at.directory, name)).isFile() ? readFileSync(join(at.directory, name), 'hex') : '',
      ]);
  const before = look();
  for (const line of ['plan', 'plan --why', 'why fit', 'why fit --not', 'plan --json', '']) await at.memo(line);
  expect(look()).toEqual(before);
});

test('where only the own code differs, it is said how to keep the result', async () => {
  const sources: Sources = {};
  const at = prompt().jobs([training({ versions: fakeStrategy(sources) })]);
  await at.memo('run --progress none');
  sources.chunk = { 'function chunk': 'renamed()' };
  expect((await at.memo('why chunk')).out).toContain('To keep the stored result anyway: memo bless chunk --why "…"');
  expect((await at.memo('why chunk --set source=b.json')).out).not.toContain('memo bless');
});

test('causes that lie far up are summed up', async () => {
  const versions = fakeStrategy({});
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const line = 'why fit --set source=other.json --depth';
  expect(steady((await at.memo(`${line} 2`)).out)).toMatchInlineSnapshot(`
    "fit may run: that is decided while running. Compared with run ······ (just now, version ········…):
    1 cause lies further up (--depth)
    unchanged: code ········… by fake@1
    "
  `);
  expect((await at.memo(`${line} 3`)).out).toContain('config `source`');
  expect((await at.memo(`${line} -1`)).code).toBe(2);
});

test('the nearest result of any step and job can be compared with', async () => {
  const count = op('count', ({ words, least }: { words: string; least: number }) => words.length + least);
  const wired = (name: string, words: string, least: number) =>
    job(name, { versions: fakeStrategy({}), build: () => count({ words, least }) });
  const at = prompt().jobs([wired('a', 'x', 1), wired('b', 'y', 2), wired('c', 'y', 3)]);
  await at.memo('run a --progress none');
  await at.memo('run b --progress none');
  const { out } = await at.memo('why count --job c --against any');
  expect(steady(out)).toMatchInlineSnapshot(`
    "count will run. Compared with run ······ (just now, version ········…):
    └─ count  input least 2 → 3
    unchanged: code ········… by fake@1, input words = "y"
    "
  `);
});

test.each([40, 90])('of a long line that was replaced the part that differs is shown, in %s columns', (width) => {
  const [start, end] = ['s'.repeat(200), 'e'.repeat(200)];
  const before = ['same', `${start}first${end}`, `${start}second${end}`, 'short'].join('\n');
  const after = ['same', `${start}erste${end}`, `${start}zweite${end}`, 'kurz', 'more'].join('\n');
  const parts = shownParts(lineDiff(before, after), width);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(width);
  expect(parts.map((part) => /first|second|erste|zweite|short|kurz|same|more/.exec(part)?.[0])).toEqual([
    'same',
    'first',
    'second',
    'short',
    'erste',
    'zweite',
    'kurz',
    'more',
  ]);
});
