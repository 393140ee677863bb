import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { job, op, tiered } from '@memo/core';
import { fs } from '@memo/io-fs';
import { expect, test, vi } from 'vitest';
import { fakeStrategy, type Sources } from './support/fake-strategy.ts';
import { type Prompt, prompt, steady } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});

test('what is stored is listed and measured', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const list = JSON.parse((await at.memo('cache ls --json --sort time')).out);
  expect(list.entries).toHaveLength(5);
  expect((await at.memo('cache ls --op fit --limit 1')).out).toContain('fit');
  expect(JSON.parse((await at.memo('cache ls --older 1d --json')).out).total).toBe(0);
  const stat = JSON.parse((await at.memo('cache stat --json')).out);
  expect(stat).toMatchObject({ schema: 'memo.cache-stat/1', values: 6, bindings: 5 });
  expect((await at.memo('cache stat')).out).toContain('records: 5 results');
  expect((await at.memo('cache clear')).code).toBe(2);
});

test('damaged values are found: 4', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  expect((await at.memo('cache verify')).code).toBe(0);
  damageOne(at);
  const { code, out } = await at.memo('cache verify --json');
  expect(code).toBe(4);
  expect(JSON.parse(out).findings).toHaveLength(1);
});

function damageOne({ directory }: Prompt): void {
  const store = join(directory, '.memo', 'store');
  const [path = ''] = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => /outputs.*report.*\.[a-z]+$|outputs.*report.*\/[^/]+$/.test(name))
    .slice(-1);
  writeFileSync(join(store, path), 'broken');
}

test('pruning says what it would do, and keeps what is young', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const values = async () => JSON.parse((await at.memo('cache stat --json')).out).values as number;
  expect((await at.memo('cache prune --older 1s --keep-last 0 --dry-run')).code).toBe(0);
  expect(await values()).toBe(6);
  expect(JSON.parse((await at.memo('cache prune --older 1s --keep-last 0 --json')).out)).toMatchObject({
    schema: 'memo.prune/1',
    dryRun: true,
  });
});

test('a repair deletes what is damaged, and the next run computes it again', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  damageOne(at);
  const { code, out } = await at.memo('cache verify --repair', { columns: 400 });
  expect(code).toBe(0);
  expect(out).toMatch(/^✗ report\.result damaged: M5003 .* is not an object that memo wrote\.$/m);
  expect(out).toContain('1 wrong · 1 deleted; memo run computes them again');
  expect(JSON.parse((await at.memo('run --json --progress none')).out).executed).toEqual(['report']);
  expect((await at.memo('cache verify')).code).toBe(0);
});

test('a sample reads a part of the values, and another one at another time', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const checked = async (now: number) => {
    at.now = now;
    return JSON.parse((await at.memo('cache verify --sample 50% --json')).out).checked as number;
  };
  const counts: number[] = [];
  for (let now = 1; now <= 8; now++) counts.push(await checked(now));
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  expect(new Set(counts).size).toBeGreaterThan(1);
  for (const share of ['5', '101%', 'half']) expect((await at.memo(`cache verify --sample ${share}`)).code).toBe(2);
});

test('steps that are computed again and give something else are found, and nothing of that is stored', async () => {
  let tossed = 0;
  const toss = op('toss', () => ++tossed);
  const double = op('double', ({ n }: { n: number }) => 2 * n);
  const at = prompt().jobs([job('tossing', { versions, build: () => ({ n: double({ n: toss() }) }) })]);
  await at.memo('run --progress none');
  const stored = (await at.memo('cache ls --json')).out;
  const { code, out } = await at.memo('cache verify --rerun 2');
  expect(code).toBe(4);
  expect(out).toContain("✗ toss gave other contents than those stored (result): seed it, or declare it memo: 'off'");
  expect(out).toContain('✓ double gave the same again');
  expect((await at.memo('cache ls --json')).out).toBe(stored);
  expect((await at.memo('get double')).out).toBe('2\n');
  expect((await at.memo('cache verify --rerun 1.5')).code).toBe(2);
});

test('what no job uses any more is pruned whatever its age, and what a job needs is not', async () => {
  const at = prompt().jobs([training({ versions, size: 1 })]);
  await at.memo('run --progress none');
  await at.jobs([training({ versions, size: 2 })]).memo('run --progress none');
  const later = Date.now() + 3 * 86_400_000;
  const prune = async (flags: string) => {
    const { out } = await at.memo(`cache prune --keep-last 0 --dry-run --json ${flags}`);
    return JSON.parse(out).values.map(({ step }: { step: string }) => step) as string[];
  };
  expect(await prune('--unreachable')).toEqual([]);
  const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
  const unreachable = await prune('--unreachable');
  await at.memo('cache prune --keep-last 0 --older 1d --yes');
  const { out } = await at.memo('why fit');
  clock.mockRestore();
  expect(out).toContain('result is gone from the store: model');
  expect(out).toContain('deleted by memo cache prune just now');
  expect(unreachable.sort()).toEqual(['chunk', 'embed', 'fit', 'fit', 'report']);
});

test('uses are counted, and results whose values are gone are said to be', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 3_600_000);
  await at.memo('run --progress none');
  clock.mockRestore();
  const { entries } = JSON.parse((await at.memo('cache ls --sort hits --json')).out);
  expect(entries.map(({ hits }: { hits: number }) => hits)).toEqual([1, 1, 1, 1, 1]);
  expect((await at.memo('cache stat')).out).toContain('50 %');
  damageOne(at);
  await at.memo('cache verify --repair');
  expect((await at.memo('cache ls')).out).toContain('gone: 1 results are recorded whose values are not there');
});

test('results are taken along in one file, and a file that was changed is refused: 4', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  await at.memo('run --progress none --set source=b.json');
  const { code, out } = await at.memo('cache export --run last-1');
  expect(code).toBe(0);
  expect(out).toMatch(/memo-results\.memo {2}5 results · 6 values · \d/);
  const other = prompt().jobs([training({ versions })]);
  const file = join(at.directory, 'memo-results.memo');
  expect((await other.memo(`cache import ${file}`)).out).toContain('5 results taken · 6 values checked');
  expect(JSON.parse((await other.memo('run --json --progress none')).out).reused).toHaveLength(5);
  expect((await other.memo('plan --exit-code --set source=b.json')).code).toBe(10);
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
  writeFileSync(file, bytes);
  const empty = prompt().jobs([training({ versions })]);
  const refused = await empty.memo(`cache import ${file}`);
  expect([refused.code, refused.err.includes('M5003')]).toEqual([4, true]);
  expect(JSON.parse((await empty.memo('cache ls --json')).out).total).toBe(0);
  expect((await empty.memo('cache import')).code).toBe(2);
  expect((await empty.memo('cache import none.memo')).code).toBe(5);
  expect((await empty.memo('cache stat more')).code).toBe(2);
});

test('results go to another store of the job, and come back', async () => {
  const stores = (at: Prompt) => ({
    default: fs(join(at.directory, 'own')),
    archive: fs(join(at.directory, 'archive')),
  });
  const at = prompt();
  at.jobs([training({ versions })], { io: stores(at) });
  await at.memo('run --progress none');
  const { out } = await at.memo('cache push --to archive');
  expect(steady(out, at.directory)).toBe('fs:<project>/own → fs:<project>/archive  5 results there\n');
  const other = prompt();
  cpSync(join(at.directory, 'archive'), join(other.directory, 'archive'), { recursive: true });
  other.jobs([training({ versions })], { io: stores(other) });
  expect((await other.memo('cache pull --from archive')).code).toBe(0);
  expect((await other.memo('plan --exit-code')).code).toBe(0);
  expect((await other.memo('cache push')).err).toContain('has no shared store behind it');
  expect((await other.memo('cache push --to attic')).err).toContain('It has: archive.');
});

test('results go to the shared store behind a local one, and others pull them from there', async () => {
  const shared = prompt();
  const using = (at: Prompt, policy: 'read-only' | 'read-write') =>
    at.jobs([training({ versions })], {
      io: tiered(fs(join(at.directory, 'own')), fs(join(shared.directory, 'shared')), { policy }),
    });
  const at = using(prompt(), 'read-only');
  await at.memo('run --progress none');
  using(at, 'read-write');
  expect((await at.memo('cache push', { columns: 400 })).out).toContain('5 results there');
  const other = using(prompt(), 'read-only');
  expect((await other.memo('cache pull', { columns: 400 })).out).toContain('5 results there');
  expect(readdirSync(join(other.directory, 'own'))).toContain('outputs');
});

test('a step is blessed, counts as computed, and can be checked; its word is kept', async () => {
  const sources: Sources = {};
  const at = prompt().jobs([training({ versions: fakeStrategy(sources) })]);
  await at.memo('run --progress none');
  sources.chunk = { 'function chunk': 'renamed()' };
  expect((await at.memo(['bless', 'chunk'])).code).toBe(2);
  const { code, out } = await at.memo(['bless', 'chunk', '--why', 'renamed a variable']);
  expect(code).toBe(0);
  expect(steady(out)).toMatchInlineSnapshot(`
    "✓ chunk  counts as computed by run ······: renamed a variable
      memo cache verify --rerun 1 computes it again and compares
    "
  `);
  expect(JSON.parse((await at.memo('run --json --progress none')).out).reused).toHaveLength(5);
  expect((await at.memo('show chunk')).out).toMatch(/blessed by .+: renamed a variable/);
  expect((await at.memo('cache verify --rerun 1')).out).toContain('✓ chunk (blessed) gave the same again');
  sources.chunk = { 'function chunk': 'again()' };
  expect((await at.memo(['bless', 'chunk', '--run', 'last-1', '--why', 'x\u001b[2J'])).code).toBe(0);
  expect((await at.memo('show chunk')).out).toMatch(/blessed by .+: x\\u001b\[2J/);
  for (const [line, exit] of [
    ['bless chunk --why x', 3],
    ['bless chnuk --why x', 3],
    ['bless fetchDocs --why x --set source=b.json', 3],
    ['bless chunk --why x --run zzzzzz', 3],
  ] as const)
    expect((await at.memo(line)).code, line).toBe(exit);
});

test('the value that a run left is printed, computed or re-used, whatever the job is now', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  await at.jobs([training({ versions, size: 1 })]).memo('run --progress none');
  await at.memo('run --progress none');
  const accuracy = async (run: string) => JSON.parse((await at.memo(`get report --run ${run}`)).out).accuracy as number;
  expect([await accuracy('last'), await accuracy('last-1'), await accuracy('last-2')]).toEqual([1, 1, 2]);
  expect((await at.memo('get fit.loss --run last')).out).toBe('1\n');
  expect((await at.memo('get fit --run last')).code).toBe(2);
  expect((await at.memo('get nothing --run last')).code).toBe(3);
  expect((await at.memo('get fit.nothing --run last')).code).toBe(3);
  await at.memo('run --progress none --no-memo');
  expect(await accuracy('last')).toBe(1);
});
