import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { STORED_VALUES } from '../golden/value-table.ts';
import { read, type StoredObjects, write } from './node-version-process.ts';

/** As in `tools/node-versions.mjs`, which installs them. */
const VERSIONS = ['22.23.3', '24.21.0', '26.10.0'];
const INSTALLED = fileURLToPath(new URL('../../../../node_modules/.memo-node/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('node-version-process.ts', import.meta.url));

const binaryOf = (version: string) =>
  `${INSTALLED}${version}/node_modules/node-${process.platform}-${process.arch}/bin/node`;

/** Why other versions cannot be tried here. With `MEMO_REQUIRE_SERVERS=1` that is an error. */
function missing(): string | undefined {
  if (VERSIONS.every((version) => existsSync(binaryOf(version)))) return undefined;
  const reason = 'other versions of Node are not installed: npm run node-versions';
  if (process.env.MEMO_REQUIRE_SERVERS === '1') throw new Error(reason);
  return reason;
}

function inVersion<T>(version: string, task: 'write' | 'read', input: string): T {
  const { stdout, stderr, status } = spawnSync(binaryOf(version), ['--conditions=@memo/source', PROGRAM, task], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`Node ${version} failed:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

const reason = missing();

describe('what one version of Node stored', () => {
  const written = new Map<string, StoredObjects>();
  const writtenBy = (version: string): StoredObjects => {
    const known = written.get(version);
    const objects = known ?? (version === here ? write() : inVersion<StoredObjects>(version, 'write', ''));
    written.set(version, objects);
    return objects;
  };
  const here = process.versions.node;
  const pairs = [here, ...VERSIONS].flatMap((writer) => [here, ...VERSIONS].map((reader) => [writer, reader] as const));

  test.for(pairs)(
    'is the same in another one, or refused where that lacks what it needs: from %s to %s',
    ([writer, reader], { skip }) => {
      if (reason !== undefined) skip(reason);
      const objects = writtenBy(writer);
      const got = reader === here ? read(objects) : inVersion<StoredObjects>(reader, 'read', JSON.stringify(objects));
      expect(Object.keys(got)).toEqual(Object.keys(objects));
      const wrong = Object.entries(got).filter(([name, digest]) => digest !== expectedOf(name, reader));
      expect(wrong).toEqual([]);
    },
  );

  test.for(VERSIONS)('in a release of memo can be read for ever: by %s', (reader, { skip }) => {
    if (reason !== undefined) skip(reason);
    const golden = readFileSync(new URL('../golden/envelopes.json', import.meta.url), 'utf8');
    const got = inVersion<StoredObjects>(reader, 'read', golden);
    const wrong = Object.entries(got).filter(
      ([name, digest]) => digest !== expectedOf(name.replace(/ \((?:gzip|in chunks)\)$/, '|none'), reader),
    );
    expect(wrong).toEqual([]);
  });
});

/** The digest of a named value, or the error where a version of Node lacks the compression or the class. */
function expectedOf(name: string, reader: string): string {
  const at = name.lastIndexOf('|');
  const [value, compression] = at < 0 ? [name, 'none'] : [name.slice(0, at), name.slice(at + 1)];
  const major = Number(reader.split('.')[0]);
  if (compression === 'zstd' && major < 22) return 'M5003';
  const make = STORED_VALUES[value];
  if (make !== undefined) return valueDigest(make());
  return major < 24 ? 'M5003' : FLOAT_16;
}

/** The digest of the array that the later versions write. */
const FLOAT_16 = 'vf1:89e373132023882966cd0b09c82c1fc9f0dd001254eb6d145f35c5a5e4873e08';
