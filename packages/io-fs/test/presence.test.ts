import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputVersions } from '@memo/core/plugin';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeFiles } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

// Versions that share few directories, so that listing pays for some and not for others.
const version = (index: number) => `${'a0 b1 c2'.split(' ')[index % 3]}${versionOf(index).slice(2)}`;
const contexts = Array.from({ length: 90 }, (_, index) =>
  outputContext({ version: version(index), output: index % 2 === 0 ? 'even' : 'odd' }),
);

/** Those of one output. */
const EVEN = Array.from({ length: 45 }, (_, half) => 2 * half);

/** Some of them as versions side by side. */
function versionsOf(indexes: readonly number[]): OutputVersions {
  return {
    count: indexes.length,
    above: outputContext({ output: 'even' }).getOutputIdentifier().slice(0, -1),
    bytes: Buffer.from(indexes.map(version).join(''), 'hex'),
    context: (at) => contexts[indexes[at] ?? 0] ?? outputContext(),
  };
}

describe('asking for many outputs', () => {
  test('is asking for each of them, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(contexts.length - 1)),
        fc.array(fc.nat(contexts.length - 1), { maxLength: 200 }),
        async (stored, asked) => {
          const store = openStore();
          for (const index of stored) await store.handleOutput(contexts[index] ?? outputContext(), index);
          const questions = asked.map((index) => contexts[index] ?? outputContext());
          const answers = store.hasOutputs(questions);
          expect(answers).toEqual(questions.map((context) => store.hasOutput(context)));
          expect(answers).toEqual(asked.map((index) => stored.includes(index)));
          const even = asked.filter((index) => index % 2 === 0);
          expect([...(await store.hasVersions(versionsOf(even)))]).toEqual(
            even.map((index) => (stored.includes(index) ? 1 : 0)),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  test('lists a directory where that is cheaper than looking at each file', async () => {
    const directory = temporaryStore();
    let lists = 0;
    let looks = 0;
    const fileSystem = withFaults({
      entriesSync(path) {
        lists++;
        return nodeFiles.entriesSync(path);
      },
      lookSync(path) {
        looks++;
        return nodeFiles.lookSync(path);
      },
    });
    const store = openStore(directory, { fileSystem });
    for (const context of contexts) await store.handleOutput(context, 1);
    const count = async (ask: () => unknown) => {
      [lists, looks] = [0, 0];
      await ask();
      return { lists, looks };
    };
    expect(await count(() => store.hasOutputs(contexts))).toEqual({ lists: 6, looks: 0 });
    expect(await count(() => store.hasOutputs(contexts.slice(0, 12)))).toEqual({ lists: 0, looks: 12 });
    expect(await count(() => store.hasVersions(versionsOf(EVEN)))).toEqual({ lists: 3, looks: 0 });
    expect(await count(() => store.hasVersions(versionsOf(EVEN.slice(0, 6))))).toEqual({ lists: 0, looks: 6 });
  });

  test('does not list the directories of an output that keeps far more than is asked for', async () => {
    const directory = temporaryStore();
    let lists = 0;
    const fileSystem = withFaults({
      entriesSync(path) {
        lists++;
        return nodeFiles.entriesSync(path);
      },
    });
    const store = openStore(directory, { fileSystem });
    for (const shard of ['a0', 'b1', 'c2']) {
      const crowded = join(directory, 'outputs', 'tests', 'clean', 'even', shard);
      mkdirSync(crowded, { recursive: true });
      for (let index = 0; index < 100; index++) writeFileSync(join(crowded, `${shard}${index}`), 'x');
    }
    const even = contexts.filter((_, index) => index % 2 === 0);
    expect(store.hasOutputs(even)).not.toContain(true);
    expect(lists).toBe(1);
    expect(await store.hasVersions(versionsOf(EVEN))).not.toContain(1);
    expect(lists).toBe(2);
  });

  test('takes no name for a version that is none, and no thing for a value that is none', async () => {
    const directory = temporaryStore();
    const asked = versionsOf(EVEN.slice(0, 24));
    const nameOf = (at: number) => Buffer.from(asked.bytes.subarray(32 * at, 32 * at + 32)).toString('hex');
    const store = openStore(directory);
    for (let at = 0; at < 24; at++) {
      const shard = join(directory, ...asked.above, nameOf(at).slice(0, 2));
      mkdirSync(shard, { recursive: true });
      // One that differs in its last digit, in capitals, cut off, lengthened, of other characters; a directory; at last the value itself.
      const last = nameOf(at).at(-1) === '0' ? '1' : '0';
      const strange = [
        `${nameOf(at).slice(0, 63)}${last}`,
        nameOf(at).toUpperCase(),
        nameOf(at).slice(1),
        `${nameOf(at)}0`,
      ];
      for (const name of [...strange, `${nameOf(at).slice(0, 63)}\u0130`]) writeFileSync(join(shard, name), 'x');
      if (at % 3 === 1) mkdirSync(join(shard, nameOf(at)));
      if (at % 3 === 2) writeFileSync(join(shard, nameOf(at)), 'x');
    }
    const expected = Array.from({ length: 24 }, (_, at) => (at % 3 === 2 ? 1 : 0));
    expect([...(await store.hasVersions(asked))]).toEqual(expected);
    expect(store.hasOutputs(Array.from({ length: 24 }, (_, at) => asked.context(at))).map(Number)).toEqual(expected);
  });
});

describe('an output whose presence cannot be known', () => {
  test.each(['EACCES', 'EPERM', 'EIO', 'ELOOP', 'ETIMEDOUT', 'ESTALE'])(
    'is an error, never missing: %s',
    async (code) => {
      const refuse = () => {
        throw systemError(code);
      };
      const store = openStore(temporaryStore(), { fileSystem: withFaults({ lookSync: refuse, entriesSync: refuse }) });
      expect(() => store.hasOutput(outputContext())).toThrow(/M5002/);
      expect(() => store.hasOutputs([outputContext()])).toThrow(/M5002/);
      expect(() => store.hasOutputs(contexts)).toThrow(/M5002/);
      await expect(store.hasVersions(versionsOf(EVEN))).rejects.toThrow(/M5002/);
    },
  );

  test('is missing only where nothing is, or a file is in the place of a directory', async () => {
    const directory = temporaryStore();
    expect(openStore(directory).hasOutput(outputContext())).toBe(false);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'outputs'), 'a file');
    expect(openStore(directory).hasOutput(outputContext())).toBe(false);
    expect(openStore(directory).hasOutputs(contexts)).not.toContain(true);
    expect(await openStore(directory).hasVersions(versionsOf(EVEN))).not.toContain(1);
  });
});
