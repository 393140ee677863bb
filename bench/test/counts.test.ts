import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { job, type OutputContext, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { afterAll, describe, expect, test } from 'vitest';
import { SOURCE_NODE } from '../../tools/source-node/source-node.mjs';

const directory = mkdtempSync(join(tmpdir(), 'memo-counts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const STEPS = 200;
const MODULES_OF_CORE = 170;
const BYTES_OF_A_BINDING = 1_600;
/** Of a step of a cold run in memory: its version, that of its output, and what it gave. */
const DIGESTS_OF_A_STEP = 3;
/** Turns of promises are for all steps that run at once, of which there are eight. */
const PROMISES_OF_A_STEP = 0.5;
const BYTES_OF_A_STEP = 3_600;

let calls: string[] = [];
const node = op('node', {
  version: '1',
  run: ({ from, own }: { from: number[]; own: number }) => from.reduce((sum, value) => sum + value, own),
});

/** A store of files that notes what it is asked. */
function counted(root: string) {
  const inner = fs(root, { durability: 'none' });
  const note =
    <A extends unknown[], R>(name: string, call: (...given: A) => R) =>
    (...given: A): R => {
      calls.push(name);
      return call(...given);
    };
  return {
    capabilities: inner.capabilities,
    records: inner.records,
    handleOutput: note('handleOutput', (context: OutputContext, value: unknown) => inner.handleOutput(context, value)),
    loadInput: note('loadInput', inner.loadInput.bind(inner)),
    hasOutput: note('hasOutput', inner.hasOutput.bind(inner)),
    hasOutputs: note('hasOutputs', inner.hasOutputs.bind(inner)),
  };
}

function chainOver(root: string, first: number) {
  return job('chain', {
    versions: { id: 'declared', getOpVersion: () => undefined },
    io: counted(root),
    build: () => {
      let last = node({ own: first, from: [] }, { id: 'first' });
      for (let step = 1; step < STEPS; step++)
        last = node({ own: step, from: step % 2 === 0 ? [last] : [] }, { id: `s${step}` });
      return { last };
    },
  });
}

function count(name: string): number {
  return calls.filter((call) => call === name).length;
}

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a job over files', () => {
  const root = join(directory, 'store');

  test('stores one file a step, and loads each input once', async () => {
    calls = [];
    const result = await chainOver(root, 0).run({ journal: false });
    expect(result.executed).toHaveLength(STEPS);
    expect(count('handleOutput')).toBe(STEPS);
    expect(filesBelow(join(root, 'outputs'))).toHaveLength(STEPS);
    expect(count('loadInput')).toBe(STEPS / 2 - 1);
  });

  test('asks for all outputs at once, and neither stores nor loads when nothing changed', async () => {
    calls = [];
    const result = await chainOver(root, 0).run({ journal: false });
    expect([result.executed.length, result.reused.length]).toEqual([0, STEPS]);
    expect(calls).toEqual(['hasOutputs']);
  });

  test('runs exactly what one change reaches', async () => {
    calls = [];
    const result = await chainOver(root, 5_000).run({ journal: false });
    expect(result.executed).toEqual(['first']);
    expect(count('handleOutput')).toBe(1);
  });

  test('keeps a binding in few bytes', async () => {
    const bytes = filesBelow(join(root, 'records', 'segments')).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes / (STEPS + 1)).toBeLessThan(BYTES_OF_A_BINDING);
  });
});

describe('a cold run in memory', () => {
  const cost = coldRun();

  test('makes three digests a step', () => {
    expect(cost.digests).toBe(DIGESTS_OF_A_STEP);
  });

  test('makes no promises for steps that wait for nothing, only for those that run at once', () => {
    expect(cost.promises).toBeLessThan(PROMISES_OF_A_STEP);
  });

  test('keeps few bytes a step, its plan, result and bindings included', () => {
    expect(cost.bytes).toBeLessThan(BYTES_OF_A_STEP);
  });
});

describe('importing core', () => {
  test('loads its own modules only, and few', () => {
    const first = loadedModules();
    // A process that meets sources for the first time compiles them, by what is in node_modules.
    const loaded = first.some(isInstalled) ? loadedModules() : first;
    const own = loaded.filter((url) => url.includes('/packages/core/'));
    expect(loaded.filter(isInstalled)).toEqual([]);
    expect(own.length).toBeGreaterThan(20);
    expect(own.length).toBeLessThanOrEqual(MODULES_OF_CORE);
  });
});

function coldRun(): { readonly digests: number; readonly promises: number; readonly bytes: number } {
  const program = fileURLToPath(new URL('cold-run.mjs', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--expose-gc', ...SOURCE_NODE, program], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as ReturnType<typeof coldRun>;
}

function loadedModules(): readonly string[] {
  const program = fileURLToPath(new URL('loaded-modules.mjs', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [...SOURCE_NODE, program], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as readonly string[];
}

function isInstalled(url: string): boolean {
  return url.includes('/node_modules/');
}
