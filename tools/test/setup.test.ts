import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureSetUp, explainFailure, isSetUp, requireNode, setupKey } from '../setup.mjs';

let root: string;
let installs: number;

beforeEach(() => {
  installs = 0;
  root = mkdtempSync(join(tmpdir(), 'memo-setup-'));
  writeFileSync(join(root, 'pnpm-lock.yaml'), 'lock 1');
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages: []');
  mkdirSync(join(root, 'packages', 'one'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const print = () => {};
const install = async () => {
  installs += 1;
  mkdirSync(join(root, 'packages', 'one', 'node_modules'), { recursive: true });
};

describe('set-up', () => {
  test('a fresh clone is installed once', async () => {
    expect(await ensureSetUp({ root, print, install })).toBe(true);
    expect(await ensureSetUp({ root, print, install })).toBe(false);
    expect(installs).toBe(1);
  });

  test('a changed lockfile installs again', async () => {
    await ensureSetUp({ root, print, install });
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'lock 2');
    await ensureSetUp({ root, print, install });
    expect(installs).toBe(2);
  });

  test('moving bytes from the lockfile to the workspace file changes the key', () => {
    const before = setupKey(root);
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'lock 1p');
    writeFileSync(join(root, 'pnpm-workspace.yaml'), 'ackages: []');
    expect(setupKey(root)).not.toBe(before);
  });

  test('a removed node_modules of one package installs again', async () => {
    await ensureSetUp({ root, print, install });
    rmSync(join(root, 'packages', 'one', 'node_modules'), { recursive: true });
    expect(isSetUp(root)).toBe(false);
  });

  test('an installation that fails half-way is not taken for a finished one', async () => {
    await ensureSetUp({ root, print, install });
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'lock 2');
    const failing = () => Promise.reject(new Error('power cut'));
    await expect(ensureSetUp({ root, print, install: failing })).rejects.toThrow('power cut');
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'lock 1');
    expect(isSetUp(root)).toBe(false);
  });

  test('of two commands that start together one installs and the other waits for it', async () => {
    const lines: string[] = [];
    const both = await Promise.all([
      ensureSetUp({ root, print: (line) => lines.push(line), install }),
      ensureSetUp({ root, print: (line) => lines.push(line), install }),
    ]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(installs).toBe(1);
    expect(lines.some((line) => line.includes('waiting'))).toBe(true);
  });
});

describe('the message', () => {
  test.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('names the Node that is needed instead of %s', (version) => {
    expect(() => requireNode(version)).toThrow(`memo needs Node 20.19 or newer`);
  });

  test.each(['20.19.0', '22.12.0', '23.0.0', '24.1.0', '26.10.0'])('is not shown on Node %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  test.each([
    ['GET pkg error (EAI_AGAIN)', 'the package registry cannot be reached'],
    ['ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', 'do not agree'],
    ['write ENOSPC', 'the disk is full'],
    ['anything else', 'see the output above'],
  ])('for "%s" says: %s', (output, reason) => {
    expect(explainFailure(output)).toContain(output);
    expect(explainFailure(output)).toContain(reason);
  });
});
