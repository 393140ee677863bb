import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeKey, keyDigest } from '../../src/hash/key-encoding.ts';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { codecRegistry } from '../../src/stored/codec-registry.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/stored/envelope.ts';
import { treeOf } from '../hash/value-tree.ts';
import { KEY_VALUES, STORED_VALUES } from './value-table.ts';

/*
 * The golden files may be appended to. They are never edited without a new schema: a changed line means that versions change,
 * that everything is computed again, or that stored values can no longer be read.
 */

type Golden = Readonly<Record<string, string>>;

const MAX_SHOWN = 200;
const keyForms = golden('key-form.json');
const valueForms = golden('value-form.json');
const envelopes = golden('envelopes.json');
const codecs = codecRegistry();

describe('key forms are what they always were', () => {
  test.each(Object.keys(keyForms))('%s', (name) => {
    const value = valueNamed(KEY_VALUES, name);
    expect(`${keyDigest(value)} ${encodeKey(value).slice(0, MAX_SHOWN)}`).toBe(keyForms[name]);
  });
});

describe('value digests are what they always were', () => {
  test.each(Object.keys(valueForms))('%s', (name) => {
    expect(valueDigest(valueNamed(STORED_VALUES, name))).toBe(valueForms[name]);
  });
});

describe('stored objects can be read for ever', () => {
  test.each(Object.keys(envelopes))('%s', (name) => {
    const { codec, payload } = decodeEnvelope(Buffer.from(envelopes[name] ?? '', 'base64'));
    const decoded = codecs.decodeValue(codec, payload);
    const value = valueNamed(STORED_VALUES, name.replace(/ \((?:gzip|in chunks)\)$/, ''));
    expect(valueDigest(decoded)).toBe(valueDigest(value));
    if (name !== 'a cycle') expect(treeOf(decoded)).toEqual(treeOf(value));
  });
});

test('every value of the table has its lines; append those that are missing', () => {
  expect(
    missing(KEY_VALUES, keyForms, (value) => `${keyDigest(value)} ${encodeKey(value).slice(0, MAX_SHOWN)}`),
  ).toEqual({});
  expect(missing(STORED_VALUES, valueForms, valueDigest)).toEqual({});
  expect(missing(STORED_VALUES, envelopes, stored)).toEqual({});
});

test('the files hold enough to notice a change', () => {
  expect(Object.keys(keyForms).length).toBeGreaterThanOrEqual(60);
  expect(Object.keys(valueForms).length).toBeGreaterThan(Object.keys(keyForms).length);
});

function missing(
  table: Readonly<Record<string, () => unknown>>,
  file: Golden,
  line: (value: unknown) => string,
): Record<string, string> {
  const names = Object.keys(table).filter((name) => !(name in file));
  return Object.fromEntries(names.map((name) => [name, line(valueNamed(table, name))]));
}

function stored(value: unknown): string {
  const { codec, payload } = codecs.encodeValue(value);
  return Buffer.concat(
    encodeEnvelope({ codec: codec.id, payload, metadata: { by: 'golden' }, compression: 'auto' }),
  ).toString('base64');
}

function valueNamed(table: Readonly<Record<string, () => unknown>>, name: string): unknown {
  const make = table[name];
  if (make === undefined)
    throw new Error(`${name} is in a golden file but not in the table: entries are never removed`);
  return make();
}

function golden(file: string): Golden {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Golden;
}
