import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FsIOManager, fs } from '../src/index.ts';
import { outputContext } from './output-context.ts';
import { openStore, temporaryStore } from './temporary-store.ts';

const store = (directory: string): FsIOManager => openStore(directory);

describe('a relative directory', () => {
  const before = process.cwd();
  let project: string;
  beforeEach(() => {
    project = temporaryStore();
    mkdirSync(join(project, 'packages', 'app', 'src'), { recursive: true });
  });
  afterEach(() => process.chdir(before));

  async function storeFrom(directory: string): Promise<void> {
    process.chdir(join(project, directory));
    await fs('.memo/store', { durability: 'none' }).handleOutput(outputContext(), 1);
  }

  test('counts from the nearest memo.config above the working directory', async () => {
    writeFileSync(join(project, 'memo.config.ts'), '');
    writeFileSync(join(project, 'packages', 'app', 'package.json'), '{}');
    await storeFrom('packages/app/src');
    expect(existsSync(join(project, '.memo', 'store', 'outputs'))).toBe(true);
  });

  test('counts from the nearest package.json where there is no memo.config', async () => {
    writeFileSync(join(project, 'package.json'), '{}');
    writeFileSync(join(project, 'packages', 'app', 'package.json'), '{}');
    await storeFrom('packages/app/src');
    expect(existsSync(join(project, 'packages', 'app', '.memo', 'store', 'outputs'))).toBe(true);
  });

  test('is looked up at the first use and stays the same when the working directory changes', async () => {
    writeFileSync(join(project, 'packages', 'app', 'package.json'), '{}');
    const manager = fs('.memo/store', { durability: 'none' });
    process.chdir(join(project, 'packages', 'app'));
    manager.hasOutput(outputContext());
    process.chdir(project);
    await manager.handleOutput(outputContext(), 1);
    expect(existsSync(join(project, 'packages', 'app', '.memo', 'store'))).toBe(true);
  });
});

describe('.memo', () => {
  test('is kept out of git by a new store', async () => {
    const project = temporaryStore();
    await store(join(project, '.memo', 'store')).handleOutput(outputContext(), 1);
    expect(readFileSync(join(project, '.memo', '.gitignore'), 'utf8')).toBe('*\n');
  });

  test('is kept out of git when records come first', async () => {
    const project = temporaryStore();
    await store(join(project, '.memo', 'store')).records.append('a', new Uint8Array(1));
    expect(existsSync(join(project, '.memo', '.gitignore'))).toBe(true);
  });

  test('is kept out of git when something else is in it already, such as journals', async () => {
    const project = temporaryStore();
    mkdirSync(join(project, '.memo', 'runs'), { recursive: true });
    await store(join(project, '.memo', 'store')).handleOutput(outputContext(), 1);
    expect(existsSync(join(project, '.memo', '.gitignore'))).toBe(true);
  });

  test('stays as it is where the store is not new, and other directories get no file', async () => {
    const project = temporaryStore();
    mkdirSync(join(project, '.memo', 'store'), { recursive: true });
    await store(join(project, '.memo', 'store')).handleOutput(outputContext(), 1);
    await store(join(project, 'elsewhere')).handleOutput(outputContext(), 1);
    expect(existsSync(join(project, '.memo', '.gitignore'))).toBe(false);
    expect(readdirSync(join(project, 'elsewhere')).sort()).toEqual(['outputs', 'tmp']);
  });
});

describe('temporary files', () => {
  const random = 'abcdefabcdef';

  /** The part of a temporary name that says for whom a process id means the same as for this process. */
  async function domainOf(directory: string): Promise<string> {
    let name = '';
    const watching = openStore(directory, {
      fileSystem: {
        ...(await import('../src/index.ts')).nodeFiles,
        linkSync(existing, path) {
          name = existing;
          writeFileSync(path, '');
        },
      },
    });
    await watching.handleOutput(outputContext(), 1);
    rmSync(directory, { recursive: true });
    return name.split('-').at(-3) ?? '';
  }

  function deadProcess(): number {
    return spawnSync(process.execPath, ['--version']).pid;
  }

  test('of dead writers are cleared away by the first write, those of living ones stay', async () => {
    const directory = temporaryStore();
    const domain = await domainOf(directory);
    expect(domain).toMatch(/^[0-9a-f]{12}$/);
    const temporary = join(directory, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const old = new Date(Date.UTC(2020, 0, 1));
    const make = (name: string, aged: boolean) => {
      writeFileSync(join(temporary, name), 'x');
      if (aged) utimesSync(join(temporary, name), old, old);
      return name;
    };
    make(`${deadProcess()}-${domain}-${random}-0`, false);
    make(`${deadProcess()}-${domain}-${random}-1.d`, false);
    make(`${deadProcess()}-${'0'.repeat(12)}-${random}-0`, true);
    make('left-by-an-editor', true);
    const kept = [
      make(`${process.ppid}-${domain}-${random}-0`, false),
      make(`${process.pid}-${domain}-${random}-0`, false),
      make(`${deadProcess()}-${'0'.repeat(12)}-${random}-1`, false),
      make('just-now', false),
    ];
    const reading = store(directory);
    reading.hasOutput(outputContext());
    expect(readdirSync(temporary)).toHaveLength(8);
    await reading.handleOutput(outputContext(), 1);
    expect(readdirSync(temporary).sort()).toEqual(kept.sort());
  });
});
