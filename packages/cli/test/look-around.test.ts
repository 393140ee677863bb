import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { ERROR_PAGES } from '../src/explain/error-pages.ts';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt, steady } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});

const diamond = () => {
  const a = op('load', () => 1);
  const pass = op('pass', ({ x }: { x: number }) => x);
  const join2 = op('merge', ({ left, right, raw }: { left: number; right: number; raw: number }) => left + right + raw);
  return job('diamond', {
    versions,
    build: () => {
      const x = a();
      const left = pass({ x }, { id: 'left' });
      const right = pass({ x }, { id: 'right' });
      return { sum: merge(left, right, x) };
      function merge(l: typeof left, r: typeof right, raw: typeof x) {
        return join2({ left: l, right: r, raw });
      }
    },
  });
};

test('a graph is drawn with lanes', async () => {
  const at = prompt().jobs([diamond()]);
  expect(steady((await at.memo('graph')).out)).toMatchInlineSnapshot(`
    "▸      load      run
    ├─┐
    │ ▸    left      run
    ├─│─┐
    │ │ ▸  right     run
    ├─┴─┘
    ▸      merge     run
    "
  `);
});

test.each(['mermaid', 'dot'])('a graph is written as %s', async (format) => {
  const at = prompt().jobs([diamond()]);
  expect((await at.memo(`graph --format ${format}`)).out).toMatchSnapshot();
});

test('SVG and HTML stand alone, and names in them are text', async () => {
  const evil = op('<script>alert(1)</script>"', () => 1);
  const at = prompt().jobs([job('<script>evil', { versions, build: () => evil() })]);
  const svg = (await at.memo('graph --format svg')).out;
  expect(svg).toMatch(/^<svg /);
  expect((await at.memo('graph --format html -o graph.html')).code).toBe(0);
  const html = readFileSync(join(at.directory, 'graph.html'), 'utf8');
  for (const text of [svg, html]) {
    expect(text).not.toContain('<script');
    expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  }
});

test('steps of one op are drawn together', async () => {
  const at = prompt().jobs([diamond()]);
  const { nodes, edges } = JSON.parse((await at.memo('graph --group op --json')).out);
  expect(nodes.map(({ label }: { label: string }) => label)).toEqual(['load', 'pass × 2', 'merge']);
  expect(edges).toHaveLength(3);
});

test('runs are listed, newest first, and can be chosen', async () => {
  const at = prompt().jobs([training({ versions })]);
  expect((await at.memo('runs')).out).toBe('no runs yet: memo run\n');
  await at.memo('run --progress none');
  await at.jobs([training({ versions, fails: 'embed', size: 1 })]).memo('run --progress none');
  const all = JSON.parse((await at.memo('runs --json')).out).runs;
  expect(all.map(({ status }: { status: string }) => status)).toEqual(['failure', 'success']);
  expect(JSON.parse((await at.memo('runs --json --status failure')).out).runs).toHaveLength(1);
  expect(JSON.parse((await at.memo('runs --json --limit 1 --since 1h')).out).runs).toHaveLength(1);
  expect((await at.memo('runs')).out).toContain('1 ran · 1 reused · 1 failed');
  expect((await at.memo('runs --since never')).code).toBe(2);
});

test('a run is shown again from its journal, and one step of it', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  expect(
    steady((await at.memo('show last --logs')).out, at.directory).replace(/begun.*/, 'begun'),
  ).toMatchInlineSnapshot(`
    "training · 5 steps · store fs:<project>/.memo/store
    plan   5 run  planned in 0 ms
    begun
      ✓ fetchDocs                ran       0 ms  first run
      ✓ chunk                    ran       0 ms  first run
      ✓ embed                    ran       0 ms  first run
      ✓ fit                      ran       0 ms  first run
      ✓ report                   ran       0 ms  first run

    [embed] embedding
    training  ok in 0 ms  run ······   5 ran · 0 reused · 0 failed
      first run: nothing to reuse yet; run it again to see
    "
  `);
  expect(JSON.parse((await at.memo('show last/embed --json')).out).steps).toMatchObject([
    { step: 'embed', status: 'ran' },
  ]);
  expect((await at.memo('show last/embde')).code).toBe(3);
});

test('a step and a version are shown', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const step = JSON.parse((await at.memo('show fit --json')).out);
  expect(step).toMatchObject({ step: 'fit', action: 'reuse', node: { outputs: ['model', 'loss'] } });
  expect((await at.memo('show fit --value')).out).toContain('model = [9,1]');
  const one = (await at.memo('show fit.loss --value')).out;
  expect([one.includes('loss = 1'), one.includes('model = ')]).toEqual([true, false]);
  expect((await at.memo('show fit.nothing')).code).toBe(3);
  const store = join(at.directory, '.memo', 'store');
  const file = readdirSync(store, { recursive: true, encoding: 'utf8' }).find(
    (name) => name.includes('report') && statSync(join(store, name)).isFile(),
  );
  expect((await at.memo(`show .memo/store/${file}`)).out).toContain('step report of training');
  const version = await at.memo(`show ${step.version.slice(0, 8)}`);
  expect(version.out).toContain('step fit of training');
  expect((await at.memo('show nothing')).code).toBe(3);
});

test('values are printed and saved', async () => {
  const bytes = op('bytes', () => new Uint8Array([104, 105]));
  const text = op('text', () => 'hello');
  const at = prompt().jobs([training({ versions }), job('other', { versions, build: () => [bytes(), text()] })]);
  expect((await at.memo('get report')).code).toBe(3);
  await at.memo('run training --progress none');
  await at.memo('run other --progress none');
  expect(JSON.parse((await at.memo('get report')).out)).toEqual({ accuracy: 2 });
  expect(JSON.parse((await at.memo('get fit.loss')).out)).toBe(1);
  expect((await at.memo('get fit')).err).toContain('has the outputs model, loss');
  expect((await at.memo('get text')).out).toBe('hello\n');
  expect((await at.memo('get bytes -o out.bin')).code).toBe(0);
  expect(readFileSync(join(at.directory, 'out.bin'), 'utf8')).toBe('hi');
  expect((await at.memo('get fit.model --format raw')).code).toBe(2);
});

test('two runs are compared, and a run with now', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  await at.memo('run --progress none --set source=b.json');
  const { code, out } = await at.memo('diff last-1 last --only-changed --exit-code');
  expect(code).toBe(1);
  expect(steady(out)).toMatchInlineSnapshot(`
    "training  run ······ → run ······
    config  {"source":"docs.json"} → {"source":"b.json"}
    ~ fetchDocs  ran → ran  0 ms → 0 ms
          config \`source\` "docs.json" → "b.json"
    ~ chunk      ran → ran  0 ms → 0 ms
          input docs ← fetchDocs changed
    ~ embed      ran → ran  0 ms → 0 ms
          input docs ← chunk changed
    ~ fit        ran → ran  0 ms → 0 ms
          input vectors ← embed changed
    ~ report     ran → ran  0 ms → 0 ms
          input model ← fit.model changed
    5 of 5 steps differ
    "
  `);
  const now = await at.memo('diff last --set source=b.json --exit-code --json');
  expect(now.code).toBe(0);
  expect(JSON.parse(now.out).steps.every(({ how }: { how: string }) => how === 'same')).toBe(true);
});

test('versions are shown with what they are made of', async () => {
  const at = prompt().jobs([training({ versions })]);
  expect(steady((await at.memo('versions --tree')).out)).toContain('input docs ← fetchDocs');
  const full = (await at.memo('versions fit --full')).out;
  expect(full).toMatch(/^fit {2}[0-9a-f]{64}\n/);
  const { steps } = JSON.parse((await at.memo('versions fit --json')).out);
  expect(full).toContain(steps[0].version);
});

test.each(Object.keys(ERROR_CODES))('memo explain %s shows its page', async (code) => {
  const page = readFileSync(new URL(`../../../docs/errors/${code}.md`, import.meta.url), 'utf8');
  // Written by tools/error-pages.mjs.
  expect(ERROR_PAGES[code]).toBe(page);
  const { code: exit, out } = await prompt().memo(`explain ${code}`);
  expect(exit).toBe(0);
  expect(out).toContain('How to fix it');
});

test('no page is left over, and an unknown code is suggested', async () => {
  expect(Object.keys(ERROR_PAGES)).toEqual(Object.keys(ERROR_CODES));
  const { code, err } = await prompt().memo('explain ref-used-as-valeu');
  expect(code).toBe(3);
  expect(err).toContain('Did you mean "ref-used-as-value"?');
});
