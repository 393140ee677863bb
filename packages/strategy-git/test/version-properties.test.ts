import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { filesOf, isolateGit } from './support/asking.ts';
import { type TestRepository, testRepository } from './support/repository.ts';

isolateGit();

const CODE = ['src/a.mjs', 'src/b.mjs'];

interface Act {
  readonly name: string;
  readonly file: number;
  readonly content: number;
}

/** What people and programs do to a repository, in whatever order. */
const ACTS: Readonly<Record<string, (repository: TestRepository, file: string, text: string) => void>> = {
  edit: (repository, file, text) => repository.write({ [file]: text }),
  'edit something else': (repository, _, text) => repository.write({ 'src/c.mjs': text, 'README.md': text }),
  add: (repository) => repository.git(['add', '-A']),
  commit: (repository) => repository.git(['commit', '-qm', 'a commit', '--allow-empty']),
  'commit all': (repository) => repository.commit(),
  'take for unchanged': (repository, file) => tried(repository, ['update-index', '--assume-unchanged', file]),
  'skip in the work tree': (repository, file) => tried(repository, ['update-index', '--skip-worktree', file]),
  untrack: (repository, file) => tried(repository, ['rm', '-q', '--cached', file]),
  'lose the index': (repository) => rmSync(repository.path('.git/index'), { force: true }),
  detach: (repository) => tried(repository, ['checkout', '-q', '--detach']),
  'pack everything': (repository) => repository.git(['gc', '-q']),
};

function tried(repository: TestRepository, args: readonly string[]): void {
  try {
    repository.git(args);
  } catch {
    // Git refuses: nothing happens.
  }
}

test('whatever is done to a repository, contents of the code are equal exactly when versions are', async () => {
  const act: fc.Arbitrary<Act> = fc.record({
    name: fc.constantFrom(...Object.keys(ACTS)),
    file: fc.nat(CODE.length - 1),
    content: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 10 }), async (acts) => {
      const repository = testRepository({ 'src/a.mjs': '0', 'src/b.mjs': '0', 'src/c.mjs': '0' });
      const contents = new Map(CODE.map((file) => [file, '0']));
      const versions = new Map<string, string>();
      for (const { name, file, content } of acts) {
        const path = CODE[file] as string;
        ACTS[name]?.(repository, path, `${content}`);
        if (name === 'edit') contents.set(path, `${content}`);
        const { digest } = (await filesOf(repository, CODE)).set;
        const key = [...contents.values()].join();
        expect(digest).toBe(versions.get(key) ?? digest);
        versions.set(key, digest);
        expect(new Set(versions.values()).size).toBe(versions.size);
      }
    }),
    { numRuns: process.env.MEMO_TEST_FULL === '1' ? 100 : IS_WHOLE ? 15 : 6 },
  );
});
