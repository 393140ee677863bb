import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hashFile } from '../src/closure.ts';
import { FilesOnDisk } from '../src/source-files.ts';
import { CONDITIONS } from './support/hashing.ts';

const GOLDEN = JSON.parse(readFileSync(new URL('./golden/versions.json', import.meta.url), 'utf8')) as unknown;

/**
 * A digest that changes here changes every version that users have: their ops all run again. If that is meant, raise ALGORITHM
 * (code-version.ts) and the number in the strategy's id with it.
 */
test('the digests of a program are those of the release', () => {
  const main = fileURLToPath(new URL('./fixtures/golden/main.ts', import.meta.url));
  const options = { files: new FilesOnDisk(), conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };
  const closure = hashFile(main, options);
  const files = closure?.nodes.map((node) => [node.path.split('/').at(-1), node.digest]);
  expect({ closure: closure?.digest, files: Object.fromEntries(files ?? []) }).toEqual(GOLDEN);
  expect(closure?.findings).toEqual([]);
});
