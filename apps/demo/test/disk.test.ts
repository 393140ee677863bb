import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { usage, writeWhole } from '../src/disk.ts';

const directory = mkdtempSync(join(tmpdir(), 'memo-demo-disk-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('files are counted in all folders; a folder that is not there holds nothing', async () => {
  await writeWhole(join(directory, 'a', 'b', 'c.txt'), 'abc');
  writeFileSync(join(directory, 'd.txt'), 'de');
  expect(usage(directory)).toEqual({ bytes: 5, files: 2 });
  expect(usage(join(directory, 'nowhere'))).toEqual({ bytes: 0, files: 0 });
});

test('a file is replaced as a whole, and nothing is left beside it', async () => {
  const path = join(directory, 'report.html');
  await writeWhole(path, 'old');
  await writeWhole(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['report.html']);
});
