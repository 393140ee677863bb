import { symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { FileAge } from '../src/file-age.ts';
import { LoadedFiles } from '../src/loaded-files.ts';
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
