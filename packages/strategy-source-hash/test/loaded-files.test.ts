import { copyFileSync, renameSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { FileAge } from '../src/file-age.ts';
import { bytesAsLoaded, forgetLooks, LoadedFiles, lookAsLoaded } from '../src/loaded-files.ts';
import { temporaryProject } from './support/project.ts';

const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');
const OLD = fileURLToPath(new URL('./fixtures/program/double.ts', import.meta.url));
const files = new LoadedFiles();
const aspect = (name: string) => ({ name, of: (bytes: Buffer) => bytes.toString().trim() });

afterEach(() => {
  Reflect.deleteProperty(globalThis, REGISTRY);
});

/** Files for a process that begins in the future, so that what the test has written is older than it. */
function laterProcess(): LoadedFiles {
  const began = Date.now() + 3_600_000;
  return new LoadedFiles(new FileAge({ now: () => began, loadingBegan: () => began }));
}

describe('a file that is seen for the first time', () => {
  test('is what was loaded if it is older than the process', () => {
    expect(files.read(OLD)).toMatchObject({ path: OLD, edited: false });
    expect(files.looksUnchanged(OLD)).toBe(true);
  });

  test('may not be what was loaded if it was written since', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    expect(files.read(project.path('a.ts'))?.edited).toBe(true);
    expect(files.looksUnchanged(project.path('a.ts'))).toBe(false);
  });

  test('may not be what was loaded if its times were set back, because the change time cannot be', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    utimesSync(project.path('a.ts'), 1, 1);
    expect(files.read(project.path('a.ts'))?.edited).toBe(true);
  });

  test('is what was loaded although its modification time is in the future', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    utimesSync(project.path('a.ts'), 9e9, 9e9);
    expect(laterProcess().read(project.path('a.ts'))?.edited).toBe(false);
  });

  test('is nothing if it is not there', () => {
    expect(files.read(`${OLD}.gone`)).toBeUndefined();
  });
});

describe('a file that was seen before', () => {
  test('is still what was loaded if it was written with the same content', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    const files = laterProcess();
    const before = files.read(project.path('a.ts'));
    writeFileSync(project.path('a.ts'), 'a()');
    expect(files.looksUnchanged(project.path('a.ts'))).toBe(false);
    expect(files.read(project.path('a.ts'))).toEqual(before);
  });

  test('is not what was loaded if its content is another, until it is changed back', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    const files = laterProcess();
    const before = files.read(project.path('a.ts'));
    writeFileSync(project.path('a.ts'), 'b()');
    expect(files.read(project.path('a.ts'))?.edited).toBe(true);
    expect(files.looksUnchanged(project.path('a.ts'))).toBe(false);
    writeFileSync(project.path('a.ts'), 'a()');
    expect(files.read(project.path('a.ts'))).toEqual(before);
  });

  test('is what was loaded as long as the part of it that matters is the same', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    const path = project.path('a.ts');
    const files = laterProcess();
    files.read(path, aspect('trimmed'));
    files.read(path);
    writeFileSync(path, 'a()  ');
    expect(files.read(path, aspect('trimmed'))?.edited).toBe(false);
    expect(files.read(path)?.edited).toBe(true);
  });

  test('is known to other copies of this package in the process', () => {
    const project = temporaryProject({ 'a.ts': 'a()' });
    laterProcess().read(project.path('a.ts'));
    writeFileSync(project.path('a.ts'), 'b()');
    expect(laterProcess().read(project.path('a.ts'))?.edited).toBe(true);
  });
});

describe('the bytes of a file as it was loaded', () => {
  const LATER = new FileAge({ now: () => Date.now() + 3_600_000, loadingBegan: () => 0 });
  const AT_ONCE = new FileAge({ now: () => 0, loadingBegan: () => 0 });

  /** A file of a page and more, found to be what was loaded, in some aspect. */
  function verified() {
    const text = 'a()'.padEnd(100_000);
    const path = temporaryProject({ 'a.ts': text }).path('a.ts');
    laterProcess().read(path, aspect('trimmed'));
    return { path, text };
  }

  test('are there while it looks as it did', () => {
    const { path, text } = verified();
    const { bytes, look } = bytesAsLoaded(path, LATER) ?? {};
    expect([String(bytes), look]).toEqual([text, lookAsLoaded(path)]);
    expect(bytesAsLoaded(path, AT_ONCE)?.look).toBeUndefined();
  });

  test.each<[string, (path: string, text: string) => void]>([
    ['is written, with the same bytes', (path, text) => writeFileSync(path, text)],
    [
      'becomes a link to a copy',
      (path) => {
        copyFileSync(path, `${path}.copy`);
        unlinkSync(path);
        symlinkSync(`${path}.copy`, path);
      },
    ],
    [
      'is replaced by a copy with its times',
      (path) => {
        copyFileSync(path, `${path}.copy`);
        const { atime, mtime } = statSync(path);
        utimesSync(`${path}.copy`, atime, mtime);
        renameSync(`${path}.copy`, path);
      },
    ],
    ['is gone', (path) => unlinkSync(path)],
    ['is distrusted', (path) => files.distrust(path)],
    ['is not looked at again', () => forgetLooks()],
  ])('are not told when it %s', (_, change) => {
    const { path, text } = verified();
    change(path, text);
    expect(bytesAsLoaded(path)).toBeUndefined();
  });

  test('are not told when it was read in the moment in which it was written, or never', () => {
    const { path } = temporaryProject({ 'a.ts': 'a()', 'b.ts': 'b()' });
    const began = Date.now() + 1_000;
    new LoadedFiles(new FileAge({ now: () => 0, loadingBegan: () => began + 2_000 })).read(path('a.ts'));
    expect([bytesAsLoaded(path('a.ts')), bytesAsLoaded(path('b.ts'))]).toEqual([undefined, undefined]);
  });
});

describe('directories', () => {
  test('show links and entries that are newer than the process', () => {
    const project = temporaryProject({ 'a/x': '' });
    symlinkSync(project.path('a'), project.path('link'));
    expect(files.isNewLink(project.path('link'))).toBe(true);
    expect(files.isNewLink(project.path('a'))).toBe(false);
    expect(files.hasChangedEntries(project.path('a'))).toBe(true);
    expect(files.hasChangedEntries(fileURLToPath(new URL('./fixtures/program', import.meta.url)))).toBe(false);
    unlinkSync(project.path('link'));
    expect(files.isNewLink(project.path('link'))).toBe(false);
  });
});
