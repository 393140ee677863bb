import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ListedVersions, wordsOf } from '../src/listed-versions.ts';

const COUNT = 4_000;
const LOOKED_UP = 400;
/** Most that one look-up reads: where it begins, 64 versions of 8 words, and where the last resort finds its bytes. */
const MOST_READS = 1 + 64 * 8 + 4;

/** Digests that begin alike, as only who chooses them can make them. */
const hostile = Array.from({ length: COUNT }, (_, at) => 'ab'.repeat(8) + digest(`chosen ${at}`).slice(16));
const strangers = Array.from({ length: COUNT }, (_, at) => 'ab'.repeat(8) + digest(`other ${at}`).slice(16));

describe('names that were chosen to lie in each other’s way', () => {
  const listed = new ListedVersions();
  listed.fill(hostile);

  test('find 64 places at most, and are known all the same', () => {
    expect(listed.crowded).toBe(COUNT - 64);
    expect(found(listed, hostile)).toBe(COUNT);
    expect(found(listed, strangers)).toBe(0);
  });

  test('make no look-up read more than 64 of them', () => {
    expect(mostReads(listed, hostile)).toBeLessThanOrEqual(MOST_READS);
    expect(mostReads(listed, strangers)).toBeLessThanOrEqual(MOST_READS);
  });

  test('are forgotten with the directory that had them', () => {
    const names = Array.from({ length: 10 }, (_, at) => digest(`honest ${at}`));
    const next = new ListedVersions();
    next.fill(hostile);
    next.fill(names);
    expect(next.crowded).toBe(0);
    expect(found(next, names)).toBe(10);
    expect(found(next, hostile)).toBe(0);
  });
});

test('versions that nobody has chosen find a place near their own', () => {
  const names = Array.from({ length: COUNT }, (_, at) => `00${digest(`honest ${at}`).slice(2)}`);
  const listed = new ListedVersions();
  listed.fill(names);
  expect(listed.crowded).toBe(0);
  expect(found(listed, names)).toBe(COUNT);
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function words(versions: readonly string[]): Int32Array {
  return wordsOf(Buffer.from(versions.join(''), 'hex'));
}

function found(listed: ListedVersions, versions: readonly string[]): number {
  const present = new Uint8Array(versions.length);
  listed.mark(words(versions), Int32Array.from(versions.keys()), present);
  return present.reduce((sum, one) => sum + one, 0);
}

/** The most words that the look-up of one version reads, of some that would read the most. */
function mostReads(listed: ListedVersions, versions: readonly string[]): number {
  let reads = 0;
  const counted = new Proxy(words(versions), {
    get: (target, key) => {
      reads++;
      return Reflect.get(target, key, target) as unknown;
    },
  });
  let most = 0;
  for (let at = 0; at < LOOKED_UP; at++) {
    reads = 0;
    listed.has(counted, at);
    most = Math.max(most, reads);
  }
  return most;
}
