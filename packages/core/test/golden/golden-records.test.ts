import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Binding } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { versionOfRecord } from '../../src/versions/record-key.ts';
import type { StepVersionRecord } from '../../src/versions/step-version-record.ts';

/*
 * The golden files may be appended to. They are never edited without a new schema: a changed line means that versions change and
 * everything is computed again, or that what is known of earlier runs can no longer be read.
 */

interface GoldenVersion {
  readonly record: StepVersionRecord;
  readonly version: string;
}

interface GoldenSegment {
  readonly base64: string;
  readonly bindings: readonly Binding[];
}

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
    const { base64, bindings } = segments[name] as GoldenSegment;
    const store = memoryRecordStore();
    await store.append('golden', Buffer.from(base64, 'base64'));
    const log = new BindingLog(store);
    await log.refresh();
    const view = log.table.live();
    expect([...view.bindings()]).toEqual(bindings);
    for (const binding of bindings) expect(view.get(binding.stepVersion, binding.pub)?.document()).toEqual(binding);
  });
});

function golden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}
