import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { type Prompt, prompt, steady } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});

test('a report is one file without scripts or foreign parts, and names are text', async () => {
  const at = prompt().jobs([training({ versions, fails: 'embed' })]);
  await at.memo('run --progress none --report direct.html');
  expect((await at.memo('report -o later.html')).code).toBe(0);
  for (const name of ['direct.html', 'later.html']) {
    const html = readFileSync(join(at.directory, name), 'utf8');
    expect(html).toContain('embed is broken');
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/<script|\b(?:src|href)=|url\(/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  }
  expect((await at.memo('report --max-size big')).code).toBe(2);
  expect((await at.memo('report zzzzzz')).code).toBe(3);
});

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

test('dev runs at once, and again after each change, one at a time', async () => {
  const at = prompt().jobs([training({ versions })]);
  const calls: (readonly string[])[] = [];
  const begun = [deferred(), deferred()];
  const ended = [deferred(), deferred()];
  at.onAgain = async (words) => {
    const at = calls.push(words) - 1;
    begun[at]?.resolve();
    await ended[at]?.promise;
    return 0;
  };
  const answer = at.memo('dev training --plan-only --set source=b.json');
  await begun[0]?.promise;
  at.save('src/ops.ts');
  at.save('node_modules/x/index.js');
  expect(calls).toHaveLength(1);
  ended[0]?.resolve();
  await begun[1]?.promise;
  ended[1]?.resolve();
  at.save('.memo/store/x');
  at.interrupt();
  expect((await answer).code).toBe(130);
  expect(calls).toHaveLength(2);
  expect(calls[1]).toEqual(['plan', '-C', at.directory, '--set=source=b.json', 'training']);
  expect(at.err).toContain('changed src/ops.ts');
});

function deferred(): { readonly promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test('on GitHub, failures are annotations and the summary says what was re-used', async () => {
  const at = prompt().jobs([training({ versions, fails: 'embed' })]);
  const summary = join(at.directory, 'summary.md');
  const env = { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_STEP_SUMMARY: summary };
  const { err } = await at.memo('run', { env });
  expect(err).toMatch(/^::group::training/m);
  expect(err).toMatch(/^::endgroup::$/m);
  expect(err).toMatch(/^::error.*::embed failed: /m);
  await at.jobs([training({ versions })]).memo('run', { env });
  const [first = '', second = ''] = readFileSync(summary, 'utf8').split(/^(?=###)/m);
  expect(steady(first.replaceAll('&#60;', '<')).replace(/<pre>.*<\/pre>/s, '')).toMatchInlineSnapshot(`
    "### ❌ training: failure in 0 ms

    2 ran · **0 reused** · 1 failed · 2 skipped

    | step | status | time | because |
    |---|---|---|---|
    | fetchDocs | ran | 0 ms | first run |
    | chunk | ran | 0 ms | first run |
    | embed | failed | 0 ms | first run |

    <details><summary>embed failed</summary>

    </details>

    \`\`\`mermaid
    flowchart LR
      n0["fetchDocs"]:::ran
      n1["chunk"]:::ran
      n2["embed"]:::failed
      n3["fit"]
      n4["report"]
      n0 --> n1
      n1 --> n2
      n2 --> n3
      n3 --> n4
      classDef ran fill:#22c55e,color:#18181b
      classDef reused fill:#38bdf8,color:#18181b
      classDef failed fill:#ef4444,color:#18181b
    \`\`\`
    "
  `);
  expect(second).toContain('**2 reused**');
});
