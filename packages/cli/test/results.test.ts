import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt, steady } from './support/prompt.ts';
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

test('a report without values has neither config, nor logs, nor what errors say', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  await at.jobs([training({ versions, fails: 'embed' })]).memo('run --progress none --set source=secret.json');
  const html = async (flags: string) => {
    await at.memo(`report -o r.html ${flags}`);
    return readFileSync(join(at.directory, 'r.html'), 'utf8');
  };
  for (const text of ['secret.json', 'embed is broken', 'embedding']) {
    expect(await html('')).toContain(text);
    expect(await html('--no-values')).not.toContain(text);
  }
  expect(await html('--no-values')).toContain('<pre>M6001</pre>');
  const inCI = async (flags: string) => {
    await at.memo(`report -o r.html ${flags}`, { env: { CI: 'true' } });
    return readFileSync(join(at.directory, 'r.html'), 'utf8').includes('secret.json');
  };
  expect([await inCI(''), await inCI('--values')]).toEqual([false, true]);
  expect((await at.memo('report --values --no-values')).code).toBe(2);
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

test('on GitHub, a failure is shown at the line of the project that threw it, and its stack where more is asked for', async () => {
  const at = prompt();
  const broken = op('broken', (): number => {
    const error = new TypeError('no such city');
    error.stack = `TypeError: no such city\n    at broken (${join(at.directory, 'src', 'ops.ts')}:44:7)`;
    throw error;
  });
  at.jobs([job('cities', { versions, build: () => broken() })]);
  const { err } = await at.memo('run -vv', { env: { GITHUB_ACTIONS: 'true' }, columns: 400 });
  expect(err).toMatch(/^::error file=src\/ops\.ts,line=44::broken failed: /m);
  expect(err).toMatch(/^ +TypeError: no such city\n +at broken \(.*src\/ops\.ts:44:7\)$/m);
});

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
