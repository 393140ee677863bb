import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { createIOManager } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memo-create-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
const manifestOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../${name}/package.json`, import.meta.url), 'utf8')) as { version: string };

describe('a new package', () => {
  test('has every file, with the names of the backend', () => {
    const created = createIOManager({ backend: 'tape-drive', directory: join(folder, 'new') });
    expect(created).toEqual({
      name: 'memo-io-tape-drive',
      directory: join(folder, 'new'),
      files: [
        '.github/workflows/ci.yml',
        '.gitignore',
        'LICENSE',
        'README.md',
        'package.json',
        'src/index.ts',
        'test/conformance.test.js',
        'test/harness.js',
        'tsconfig.json',
      ],
    });
    expect(JSON.parse(read('new', 'package.json'))).toMatchObject({
      name: 'memo-io-tape-drive',
      keywords: ['memo', 'memo-io-manager'],
    });
    expect(read('new', 'src', 'index.ts')).toMatch(
      /export function tapeDriveIOManager\(options: TapeDriveIOManagerOptions/,
    );
    for (const file of created.files) expect(read('new', file)).not.toMatch(/my-?backend/i);
  });

  test('says three times what to replace', () => {
    createIOManager({ backend: 'tape', directory: join(folder, 'new') });
    expect(read('new', 'src', 'index.ts').match(/\/\/ replace me$/gm)).toHaveLength(3);
  });

  test('accepts the releases of core and of the suite that it was made with', () => {
    createIOManager({ backend: 'tape', directory: join(folder, 'new') });
    const { devDependencies } = JSON.parse(read('new', 'package.json')) as { devDependencies: Record<string, string> };
    expect(devDependencies['@memo/core']).toBe(`^${manifestOf('core').version}`);
    expect(devDependencies['@memo/conformance']).toBe(`^${manifestOf('conformance').version}`);
  });
});

test.each(['', 'Tape', '-tape', 'tape-', 'tape--drive', '../tape', 'tape drive', '9tape', 'x'.repeat(51)])(
  'this is no name of a backend, and writes nothing: %j',
  (backend) => {
    expect(() => createIOManager({ backend, directory: join(folder, 'new') })).toThrow(TypeError);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('a directory with files in it is left alone', () => {
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'notes'), 'mine');
  expect(() => createIOManager({ backend: 'tape', directory: join(folder, 'mine') })).toThrow(/has files in it/);
  expect(readdirSync(join(folder, 'mine'))).toEqual(['notes']);
});

describe('the command', () => {
  const run = (...args: string[]) => {
    const program = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
    return spawnSync(process.execPath, [...SOURCE_NODE, program, ...args], { cwd: folder, encoding: 'utf8' });
  };

  test('writes a package where it is called, and says what comes next', () => {
    const { status, stdout } = run('tape');
    expect(status).toBe(0);
    expect(stdout).toMatch(/memo-io-tape\/src\/index\.ts\n[\s\S]*cd memo-io-tape\n/);
    expect(readdirSync(folder)).toEqual(['memo-io-tape']);
  });

  test('says what is wrong with a name', () => {
    expect(run('Tape')).toMatchObject({ status: 1, stderr: expect.stringContaining('"Tape" is not a name') });
  });

  test('shows its usage', () => {
    expect(run()).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('npm create @memo/io-manager <backend>'),
    });
    expect(run('--help').status).toBe(0);
  });
});
