import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as nodeFileSystem from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../../tools/source-node/source-node.mjs';
import { MemoError } from '../../src/errors/memo-error.ts';
import { fileRecordStore } from '../../src/records/file-record-store.ts';
import type { RecordFileSystem } from '../../src/records/record-file-system.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: Uint8Array | undefined) => stored && new TextDecoder().decode(stored);
const failure = (code: string) => Object.assign(new Error(code), { code });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memo-records-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function storeOver(faults: Partial<RecordFileSystem> = {}) {
  return fileRecordStore(directory, { fileSystem: { ...nodeFileSystem, ...faults } });
}

function startProcess(...parameters: string[]): ChildProcess {
  return startProcessIn(process.cwd(), ...parameters);
}

function startProcessIn(cwd: string, ...parameters: string[]): ChildProcess {
  const script = fileURLToPath(new URL('record-store-process.ts', import.meta.url));
  return spawn(process.execPath, [...SOURCE_NODE, script, ...parameters], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('segments', () => {
  test('an append that fails half-way leaves no bytes, and later ones follow the last whole one', async () => {
    let room = 12;
    const store = storeOver({
      writeSync(descriptor, chunk, offset, length) {
        const fits = Math.min(length, room, 5);
        if (fits === 0) throw failure('ENOSPC');
        room -= fits;
        return nodeFileSystem.writeSync(descriptor, chunk, offset, fits);
      },
    });
    await store.append('a', bytes('12345678'));
    expect(() => store.append('a', bytes('abcdefgh'))).toThrow(/M5009 .*ENOSPC/);
    expect(text(await store.read('a', 0))).toBe('12345678');
    room = 100;
    await store.append('a', bytes('!'));
    expect(text(await store.read('a', 0))).toBe('12345678!');
    await store.dispose();
  });

  test('a segment whose torn end cannot be cut takes no more appends', async () => {
    let full = true;
    const store = storeOver({
      writeSync(descriptor, chunk, offset, length) {
        if (full) throw failure('EIO');
        return nodeFileSystem.writeSync(descriptor, chunk, offset, length);
      },
      ftruncateSync: () => {
        throw failure('EIO');
      },
    });
    expect(() => store.append('a', bytes('x'))).toThrow(/M5009/);
    full = false;
    expect(() => store.append('a', bytes('x'))).toThrow(/M5009/);
    await store.append('b', bytes('fine'));
    expect(text(await store.read('b', 0))).toBe('fine');
    await store.dispose();
  });

  test('flushes that wait for each other share one sync', async () => {
    const pending: (() => void)[] = [];
    const store = storeOver({ fdatasync: (_descriptor, done) => void pending.push(() => done(null)) });
    const flushes = ['1', '2', '3', '4'].map(async (line) => store.append('a', bytes(line), { flush: true }));
    expect(pending).toHaveLength(1);
    pending.shift()?.();
    await flushes[0];
    await new Promise(setImmediate);
    expect(pending).toHaveLength(1);
    pending.shift()?.();
    await Promise.all(flushes);
    expect(pending).toHaveLength(0);
    await store.dispose();
  });

  test('a failed sync rejects the flush, and the next flush tries again', async () => {
    let broken = true;
    const store = storeOver({ fdatasync: (_descriptor, done) => done(broken ? failure('EIO') : null) });
    await expect(store.append('a', bytes('1'), { flush: true })).rejects.toMatchObject({ code: 'M5009' });
    broken = false;
    await store.append('a', bytes('2'), { flush: true });
    await store.dispose();
  });

  test('durability none never syncs', async () => {
    let syncs = 0;
    const count = () => void syncs++;
    const fileSystem = {
      ...nodeFileSystem,
      fsyncSync: count,
      fdatasync: (_descriptor: number, done: (error: null) => void) => {
        count();
        done(null);
      },
    };
    const store = fileRecordStore(directory, { durability: 'none', fileSystem });
    await store.append('a', bytes('1'), { flush: true });
    await store.putDocument('pin', bytes('1'), undefined);
    await store.dispose();
    expect(syncs).toBe(0);
  });

  test('keeps one handle a segment and closes them all', async () => {
    let handles = 0;
    const store = storeOver({
      openSync(path, flags) {
        const descriptor = nodeFileSystem.openSync(path, flags);
        handles++;
        return descriptor;
      },
      closeSync(descriptor) {
        handles--;
        nodeFileSystem.closeSync(descriptor);
      },
    });
    for (let index = 0; index < 200; index++) {
      await store.append(`s${index % 4}`, bytes('x'), { flush: index % 50 === 0 });
      await store.read(`s${index % 4}`, 0);
      await store.getDocument('pin');
      if (index % 20 === 0) await store.putDocument('pin', bytes('x'), (await store.getDocument('pin'))?.tag);
    }
    expect(handles).toBe(4);
    await store.dispose();
    await store.dispose();
    expect(handles).toBe(0);
  });

  test('files that are not segments are ignored', async () => {
    const store = storeOver();
    await store.append('a', bytes('x'));
    for (const name of ['.DS_Store', 'A.seg', 'notes.txt', 'a.seg.bak']) {
      writeFileSync(join(directory, 'segments', name), 'x');
    }
    expect(await store.segments()).toEqual([{ name: 'a', bytes: 1 }]);
    await store.dispose();
  });
});

describe('documents', () => {
  test('counted by four processes at once, no addition is lost', async () => {
    const counters = Array.from({ length: 4 }, () => startProcess('count', directory, '60'));
    const codes = await Promise.all(counters.map(async (counter) => (await once(counter, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(text((await storeOver().getDocument('counter'))?.bytes)).toBe('240');
  });

  test('a process that is killed leaves whole documents and segments, and blocks nobody', async () => {
    for (let round = 0; round < 4; round++) {
      const child = startProcess('churn', directory);
      const told: string[] = [];
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        told.push(chunk);
        if (told.join('').split('\n').length > 10 + round * 7) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const reported = told.join('').split('\n').slice(0, -1).map(Number);
      const store = storeOver();
      const document = await store.getDocument('churned');
      expect(Number(text(document?.bytes))).toBeGreaterThanOrEqual(reported.at(-1) ?? 0);
      const lines =
        text(await store.read(`churn-${child.pid}`, 0))
          ?.split('\n')
          .map(Number) ?? [];
      expect(lines.slice(0, reported.length)).toEqual(reported);
      expect(await store.putDocument('churned', document?.bytes ?? bytes(''), document?.tag)).toBe(true);
      await store.dispose();
    }
  });

  test('a writer that slept while its generation was superseded and deleted is told that it lost', async () => {
    const others = storeOver();
    await others.putDocument('pin', bytes('first'), undefined);
    const sleeper = storeOver({
      linkSync(existing, path) {
        for (const next of ['second', 'third']) swap(others, next);
        nodeFileSystem.unlinkSync(join(directory, 'documents', 'pin', '2'));
        nodeFileSystem.linkSync(existing, path);
      },
    });
    const stale = await others.getDocument('pin');
    expect(await sleeper.putDocument('pin', bytes('stale'), stale?.tag)).toBe(false);
    expect(text((await others.getDocument('pin'))?.bytes)).toBe('third');
  });

  test('a writer that was superseded at once still knows that it won', async () => {
    const others = storeOver();
    await others.putDocument('pin', bytes('first'), undefined);
    const writer = storeOver({
      linkSync(existing, path) {
        nodeFileSystem.linkSync(existing, path);
        for (const next of ['third', 'fourth']) swap(others, next);
      },
    });
    expect(await writer.putDocument('pin', bytes('second'), (await others.getDocument('pin'))?.tag)).toBe(true);
    expect(text((await others.getDocument('pin'))?.bytes)).toBe('fourth');
  });

  test('when even the successor is gone, the writer is told that nobody can tell', async () => {
    const others = storeOver();
    await others.putDocument('pin', bytes('first'), undefined);
    const writer = storeOver({
      linkSync(existing, path) {
        nodeFileSystem.linkSync(existing, path);
        for (const next of ['third', 'fourth']) swap(others, next);
        nodeFileSystem.unlinkSync(join(directory, 'documents', 'pin', '3'));
      },
    });
    const tag = (await others.getDocument('pin'))?.tag;
    expect(() => writer.putDocument('pin', bytes('second'), tag)).toThrow(/M5009 Cannot tell/);
  });

  test('superseded generations and abandoned temporary files are deleted once they are old', async () => {
    const store = storeOver();
    for (let index = 0; index < 5; index++) swap(store, String(index));
    const pin = join(directory, 'documents', 'pin');
    writeFileSync(join(pin, 'tmp-abandoned'), 'x');
    writeFileSync(join(pin, 'tmp-recent'), 'x');
    const hoursAgo = new Date(Date.UTC(2020, 0, 1));
    for (const name of ['1', '2', '3', '4', 'tmp-abandoned']) {
      nodeFileSystem.utimesSync(join(pin, name), hoursAgo, hoursAgo);
    }
    swap(store, 'last');
    expect(readdirSync(pin).sort()).toEqual(['4', '5', '6', 'tmp-recent']);
    expect(text((await store.getDocument('pin'))?.bytes)).toBe('last');
  });

  test('without hard links, swaps are still exclusive and whole', async () => {
    const noLinks = {
      linkSync: () => {
        throw failure('EPERM');
      },
    };
    const one = storeOver(noLinks);
    const other = storeOver(noLinks);
    expect(await one.putDocument('pin', bytes('a'), undefined)).toBe(true);
    expect(await other.putDocument('pin', bytes('b'), undefined)).toBe(false);
    const tag = (await other.getDocument('pin'))?.tag;
    const racing = storeOver({
      ...noLinks,
      renameSync(from, to) {
        swap(other, 'b');
        nodeFileSystem.renameSync(from, to);
      },
    });
    expect(await racing.putDocument('pin', bytes('c'), tag)).toBe(false);
    expect(text((await one.getDocument('pin'))?.bytes)).toBe('b');
    expect(readdirSync(join(directory, 'documents', 'pin')).sort()).toEqual(['1', '2']);
  });

  test('a write that fails leaves the old document and no trace', async () => {
    const store = storeOver();
    swap(store, 'old');
    const failing = storeOver({
      fsyncSync: () => {
        throw failure('ENOSPC');
      },
    });
    const tag = (await store.getDocument('pin'))?.tag;
    expect(() => failing.putDocument('pin', bytes('new'), tag)).toThrow(/M5009 .*ENOSPC/);
    expect(text((await store.getDocument('pin'))?.bytes)).toBe('old');
    expect(readdirSync(join(directory, 'documents', 'pin'))).toEqual(['1']);
  });

  test('foreign bytes in the place of a document are an error that names the file', () => {
    const store = storeOver();
    swap(store, 'x');
    const path = join(directory, 'documents', 'pin', '1');
    writeFileSync(path, 'something else');
    expect(() => store.getDocument('pin')).toThrow(path);
  });
});

test('a directory may be named by one character, from where the process is', async () => {
  const [code] = await once(startProcessIn(directory, 'append', 'r'), 'exit');
  expect(code).toBe(0);
  expect(readFileSync(join(directory, 'r', 'segments', 'a.seg'), 'utf8')).toBe('appended');
});

test('a file where the directory should be is M5009, from every method', async () => {
  writeFileSync(join(directory, 'file'), 'x');
  const store = fileRecordStore(join(directory, 'file'));
  const attempts = [
    () => store.append('a', bytes('x')),
    () => store.segments(),
    () => store.read('a', 0),
    () => store.remove('a'),
    () => store.getDocument('pin'),
    () => store.putDocument('pin', bytes('x'), undefined),
    () => store.documents(''),
  ];
  for (const attempt of attempts) {
    await expect(async () => attempt()).rejects.toSatisfy((error) => MemoError.is(error, 'M5009'));
  }
  expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('x');
});

function swap(store: ReturnType<typeof storeOver>, content: string): void {
  const current = store.getDocument('pin');
  if (current instanceof Promise) throw new TypeError('documents of files are read at once');
  expect(store.putDocument('pin', bytes(content), current?.tag)).toBe(true);
}
