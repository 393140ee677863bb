import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt } from './support/prompt.ts';
import { training } from './support/training.ts';

const GUIDE = readFileSync(new URL('../../../docs/guides/keep-results-in-ci.md', import.meta.url), 'utf8');
const versions = fakeStrategy({});

test('every command of the guide is one that memo takes', async () => {
  const lines = [...GUIDE.matchAll(/npx memo (.+)$/gm)].map(([, line]) => line as string);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  const at = prompt().jobs([training({ versions })]);
  for (const line of lines) expect((await at.memo(line)).code, line).toBe(0);
});

test('results restored into another directory are re-used, and an empty cache costs runs only', async () => {
  const first = prompt().jobs([training({ versions })]);
  await first.memo('run --progress none');
  const restored = prompt().jobs([training({ versions })]);
  expect((await restored.memo('plan --exit-code')).code).toBe(10);
  cpSync(join(first.directory, '.memo'), join(restored.directory, '.memo'), { recursive: true });
  expect((await restored.memo('plan --exit-code')).code).toBe(0);
  expect(JSON.parse((await restored.memo('run --json --progress none')).out).reused).toHaveLength(5);
});
