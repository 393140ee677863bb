import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { job, newSigningKey, op, type Trust, trust } from '@memo/core';
import type { Binding } from '@memo/core/inspect';
import { exportBundle, importBundle } from '@memo/core/retention';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeIndex, sha256 } from '../../src/bundles/bundle-layout.ts';
import { placeOfBinding } from '../../src/records/binding-place.ts';
import { bindingsFor } from '../../src/records/bindings-for.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memo-bundle-'));
  file = join(directory, 'results.memo');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

class TrustingManager extends WatchedManager {
  readonly trust: Trust;

  constructor(whom: Trust) {
    super();
    this.trust = whom;
  }
}

/** A value, a step with several outputs of which one is left out, and a step that reads one of them from a store of its own. */
function counting(io: WatchedManager, { big = io, versions = new SetVersions(), start = 3 } = {}) {
  const load = op('load', () => [start, 1, 2]);
  const split = op('split', {
    outputs: { low: {}, high: { io: 'big' }, none: { optional: true } },
    run: ({ all }: { all: readonly number[] }) => ({ low: all.filter((n) => n < 2), high: all.filter((n) => n >= 2) }),
  });
  const count = op('count', ({ high }: { high: readonly number[] }) => high.length);
  return job('counting', {
    versions,
    io: { default: io, big },
    build: () => {
      const { low, high } = split({ all: load() });
      return { total: count({ high }), low };
    },
  });
}

async function exported(io = new WatchedManager(), big = io): Promise<WatchedManager> {
  await counting(io, { big }).run();
  await exportBundle({ default: io, big }, file);
  return io;
}

test('what was computed here is re-used elsewhere: values, several outputs, absent ones, and stores by key', async () => {
  const [io, big] = [new WatchedManager(), new WatchedManager()];
  await counting(io, { big }).run();
  expect(await exportBundle({ default: io, big }, file)).toMatchObject({ results: 3, values: 4, warnings: [] });
  expect(readdirSync(directory)).toEqual(['results.memo']);
  const [other, otherBig] = [new WatchedManager(), new WatchedManager()];
  expect(await importBundle({ default: other, big: otherBig }, file)).toMatchObject({ results: 3, kept: 0, values: 4 });
  const result = await counting(other, { big: otherBig }).run();
  expect(whatRan(result)).toEqual({ reused: ['count', 'load', 'split'] });
  expect(await result.load('total')).toBe(2);
  expect(await result.load('low')).toEqual([1]);
  expect(otherBig.calls).toContain('handle split.high');
  expect(other.calls).not.toContain('handle split.high');
});

test('importing twice changes nothing, and a store keeps its own content with all that was made from it', async () => {
  await exported();
  const other = new WatchedManager();
  await counting(other, { start: 5 }).run({ only: 'load' });
  expect(await importBundle({ default: other, big: other }, file)).toMatchObject({ results: 0, kept: 3 });
  const fresh = new WatchedManager();
  await importBundle({ default: fresh, big: fresh }, file);
  const bindings = await fresh.bindings();
  expect(await importBundle({ default: fresh, big: fresh }, file)).toMatchObject({ results: 3, kept: 0 });
  expect(await fresh.bindings()).toEqual(bindings);
});

test('only some results are exported, with what they were made from', async () => {
  const io = new WatchedManager();
  await counting(io).run();
  const split = (await io.bindings()).find(({ step }) => step === 'split');
  await exportBundle({ default: io, big: io }, file, { only: [split?.stepVersion as string] });
  const other = new WatchedManager();
  await importBundle({ default: other, big: other }, file);
  expect((await other.bindings()).map(({ step }) => step)).toEqual(['load', 'split']);
});

test('the newest generation of a step that gives something else each time is the one that counts elsewhere', async () => {
  let tossed = 0;
  const toss = op('toss', () => ++tossed);
  const tossing = (io: WatchedManager) =>
    job('tossing', { versions: new SetVersions(), io, build: () => ({ n: toss() }) });
  const io = new WatchedManager();
  await tossing(io).run();
  await tossing(io).run({ force: true });
  await exportBundle(io, file);
  const other = new WatchedManager();
  await importBundle(other, file);
  const result = await tossing(other).run();
  expect([whatRan(result), await result.load('n')]).toEqual([{ reused: ['toss'] }, 2]);
});

test('a store without a key that a value belongs to is refused, and nothing is taken', async () => {
  await exported(new WatchedManager(), new WatchedManager());
  const other = new WatchedManager();
  await expect(importBundle(other, file)).rejects.toMatchObject({ code: 'M5010' });
  expect(await other.bindings()).toEqual([]);
});

describe('a hostile file', () => {
  async function refused(bytes: Uint8Array): Promise<void> {
    writeFileSync(file, bytes);
    const other = new WatchedManager();
    await expect(importBundle({ default: other, big: other }, file)).rejects.toMatchObject({ code: 'M5003' });
    expect(other.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
    expect(await other.bindings()).toEqual([]);
  }

  test('cut anywhere, or with any byte changed, gives nothing', async () => {
    await exported();
    const whole = readFileSync(file);
    const changed = fc.nat({ max: whole.length - 1 }).map((at) => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8((bytes.readUInt8(at) + 1) % 256, at);
      return bytes;
    });
    const cut = fc.nat({ max: whole.length - 1 }).map((length) => whole.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut), (bytes) => refused(bytes)),
      { numRuns: process.env.MEMO_TEST_FULL === '1' ? 2_000 : 60 },
    );
  });

  const stretch = { at: 14, length: 0 };
  test.each<[string, object]>([
    ['another schema', { schema: 'memo.bundle/2' }],
    ['stretches before the contents', { values: [{ io: 'default', identifier: ['a'], at: 0, length: 3 }] }],
    ['stretches behind the contents', { values: [{ io: 'default', identifier: ['a'], at: 14, length: 3_000 }] }],
    ['lengths that are no lengths', { values: [{ io: 'default', identifier: ['a'], at: 14, length: -1 }] }],
    ['names of records that are paths', { records: [{ ...stretch, kind: 'segment', name: '../../x', sha256: '' }] }],
    ['identifiers that are no texts', { values: [{ io: 'default', identifier: [{}], ...stretch }] }],
    ['a list that is none', { records: {} }],
    ['null in a list', { values: [null] }],
  ])('whose index has %s gives nothing', async (_title, wrong) => {
    const index = { schema: 'memo.bundle/1', values: [], records: [], ...wrong };
    await refused(Buffer.concat([Buffer.from('MEMO BUNDLE 1\n'), encodeIndex(index as never)]));
  });

  test('that names a part of it many times, and would fill the memory, gives nothing', async () => {
    const contents = Buffer.from('contents');
    const record = { kind: 'segment', at: 14, length: contents.length, sha256: sha256(contents).toString('hex') };
    const records = ['a', 'b'].map((name) => ({ ...record, name }));
    const index = { schema: 'memo.bundle/1', values: [], records };
    await refused(Buffer.concat([Buffer.from('MEMO BUNDLE 1\n'), contents, encodeIndex(index as never)]));
  });

  test('whose value is not what its record says gives nothing', async () => {
    const io = new WatchedManager();
    await counting(io).run();
    const forged = new WatchedManager({ over: io });
    const { records } = io;
    const reading = forged.loadInput.bind(forged);
    const lying = Object.assign(forged, {
      records,
      loadInput: (context: Parameters<typeof reading>[0]) => (context.step === 'load' ? [9] : reading(context)),
    });
    await exportBundle({ default: lying, big: lying }, file);
    await refused(readFileSync(file));
  });

  test('whose record is not of the version that it claims gives nothing', async () => {
    const io = new WatchedManager();
    await counting(io).run();
    const [first] = await io.bindings();
    const forged = { ...first, record: { ...first?.record, salt: 'other' } } as Binding;
    const shared = new WatchedManager({ over: io });
    const log = bindingsFor(shared);
    await log.append(forged, placeOfBinding(forged), true);
    await log.close();
    await exportBundle({ default: shared, big: shared }, file);
    await refused(readFileSync(file));
  });

  test('that is a directory, or is not there, is M5002', async () => {
    await expect(importBundle(new WatchedManager(), join(directory, 'none'))).rejects.toMatchObject({ code: 'M5002' });
  });
});

test('a store that asks for signatures takes only what somebody has signed who is accepted', async () => {
  const [ours, theirs] = [newSigningKey(), newSigningKey()];
  const signing = (key: typeof ours) => new TrustingManager(trust({ accept: [], sign: key.privateKey }));
  const accepting = () => new TrustingManager(trust({ accept: [ours.publicKey], sign: newSigningKey().privateKey }));
  await exported(signing(theirs));
  const stranger = accepting();
  const refused = { results: 0, warnings: [{ code: 'untrusted-records' }] };
  expect(await importBundle({ default: stranger, big: stranger }, file)).toMatchObject(refused);
  expect(await stranger.bindings()).toEqual([]);
  await exported(new WatchedManager());
  expect(await importBundle({ default: stranger, big: stranger }, file)).toMatchObject(refused);
  await exported(signing(ours));
  const colleague = accepting();
  expect(await importBundle({ default: colleague, big: colleague }, file)).toMatchObject({ results: 3, warnings: [] });
});

test('a file that cannot be written leaves nothing behind', async () => {
  const io = new WatchedManager();
  await counting(io).run();
  await expect(exportBundle(io, join(directory, 'none', 'results.memo'))).rejects.toMatchObject({ code: 'M5006' });
  expect(readdirSync(directory)).toEqual([]);
});
