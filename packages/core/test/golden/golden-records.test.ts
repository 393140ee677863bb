import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Binding } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { BindingTable } from '../../src/records/binding-table.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { HEAD_BYTES, SEGMENT_MAGIC } from '../../src/records/segment-format.ts';
import { versionOfRecord } from '../../src/versions/record-key.ts';
import type { StepVersionRecord } from '../../src/versions/step-version-record.ts';
import { placeOfBinding } from '../support/binding.ts';

/*
 * The golden files may be appended to. They are never edited without a new schema: a changed line means that versions change and
 * everything is computed again, or that what is known of earlier runs can no longer be read.
 */

interface GoldenVersion {
  readonly record: StepVersionRecord;
  readonly version: string;
}

/** The bytes of a segment, or the same compressed. */
type GoldenBytes = { readonly base64: string } | { readonly gzip: string };

type GoldenSegment = GoldenBytes & {
  readonly bindings: readonly Binding[];
  /** How many manifests follow: `n` under the key `n`, for each `n` below it. */
  readonly manifests?: number;
};

const versions: Readonly<Record<string, GoldenVersion>> = golden('step-versions.json');
const segments: Readonly<Record<string, GoldenSegment>> = golden('segments.json');

describe('step versions are what they always were', () => {
  test.each(Object.keys(versions))('%s', (name) => {
    const { record, version } = versions[name] as GoldenVersion;
    expect(versionOfRecord(record)).toBe(version);
  });

  test('no two of them are equal', () => {
    const all = Object.values(versions).map(({ version }) => version);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('segments can be read for ever', () => {
  test.each(Object.keys(segments))('%s', async (name) => {
    const { bindings, manifests = 0 } = segments[name] as GoldenSegment;
    const store = memoryRecordStore();
    await store.append('golden', bytesOf(name));
    const log = new BindingLog(store);
    await log.refresh();
    const view = log.table.live();
    expect([...view.bindings()]).toEqual(bindings);
    for (const binding of bindings) expect(view.get(binding.stepVersion, binding.pub)?.document()).toEqual(binding);
    for (let number = 0; number < manifests; number++) expect(log.table.manifest(manifestKey(number))).toBe(number);
  });

  test('of one that was ended only the index is read', () => {
    const bytes = bytesOf(ENDED);
    let count = 0;
    const read = (into: Uint8Array, position: number): number => {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      count += part.length;
      return part.length;
    };
    expect(new BindingTable().addOpened({ bytes: bytes.length, read }, 0)).toBe(bytes.length);
    const entries = 1 + (segments[ENDED]?.manifests ?? 0);
    expect(count).toBe(SEGMENT_MAGIC.length + (entries + 2) * HEAD_BYTES);
  });

  test('one with an index is written as it always was', async () => {
    const { bindings, manifests = 0 } = segments[ENDED] as GoldenSegment;
    const store = memoryRecordStore();
    const log = new BindingLog(store);
    for (const binding of bindings) await log.append(binding, placeOfBinding(1), false);
    for (let number = 0; number < manifests; number++) log.addManifest(manifestKey(number), number);
    await log.close();
    const [{ name } = { name: '' }] = await store.segments();
    expect(Buffer.from(await store.read(name, 0)).equals(bytesOf(ENDED))).toBe(true);
  });
});

const ENDED = 'an ended segment with its index';

function bytesOf(name: string): Buffer {
  const segment = segments[name] as GoldenSegment;
  return 'gzip' in segment ? gunzipSync(Buffer.from(segment.gzip, 'base64')) : Buffer.from(segment.base64, 'base64');
}

function manifestKey(number: number): string {
  return String(number).padStart(64, '0');
}

function golden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
