import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { valueDigest } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { CORPUS_VALUES } from './corpus-values.ts';
import { outputContext, versionOf } from './output-context.ts';
import { openStore, temporaryStore } from './temporary-store.ts';

/** A store for each release that wrote something new. Files are added, never changed. */
const CORPUS = fileURLToPath(new URL('corpus', import.meta.url));

describe.each(readdirSync(CORPUS))('what release %s stored', (release) => {
  test('is all there, loads as what it was, and counts as published', async () => {
    const directory = temporaryStore();
    cpSync(join(CORPUS, release), directory, { recursive: true });
    const store = openStore(directory);
    let listed = 0;
    for await (const { identifier } of store.listOutputs()) {
      const [, , , name = '', version] = identifier;
      const context = outputContext({ op: 'corpus', output: name, version: versionOf(name) });
      const value = CORPUS_VALUES[name]?.();
      expect(version).toBe(versionOf(name));
      expect(store.hasOutput(context)).toBe(true);
      expect(valueDigest(await store.loadInput(context))).toBe(valueDigest(value));
      expect(await store.handleOutput(context, value)).toMatchObject({ outcome: 'exists' });
      listed++;
    }
    expect(listed).toBeGreaterThanOrEqual(11);
  });
});
