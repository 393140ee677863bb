import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedMemo } from '../../../tools/installed-memo.mjs';
import { ISOLATED, type TestRepository, testRepository } from './support/repository.ts';

const INSTALLED = await installedMemo();

const FILES = {
  '.gitignore': 'node_modules\n.memo\n',
  'package.json': '{"name":"p","type":"module"}\n',
  'src/helper.mjs': 'export const factor = 2;\n',
  'src/clean.mjs': `import { op } from '@memo/core';
import { factor } from './helper.mjs';
export const clean = op('clean', () => factor);
`,
  'src/load.mjs': `import { op } from '@memo/core';
export const load = op('load', () => 1);
`,
  'src/main.mjs': `import { appendFileSync } from 'node:fs';
import { job } from '@memo/core';
import { fs } from '@memo/io-fs';
import { gitVersion } from '@memo/strategy-git';
import { clean } from './clean.mjs';
import { load } from './load.mjs';
const versions = gitVersion({ git: process.env.GIT_PROGRAM ?? 'git' });
const cleaning = job('cleaning', { versions, io: fs('.memo/store'), build: () => ({ clean: clean(), load: load() }) });
const plan = await cleaning.plan();
const text = plan.explain('clean').toString();
const { executed, reused } = await cleaning.run();
let edited;
if (process.argv[2] !== undefined) {
  appendFileSync(process.argv[2], '\\nexport const more = 1;\\n');
  edited = await cleaning.run().then(() => 'ran', (error) => error.code);
}
console.log(JSON.stringify({ executed: executed.toSorted(), reused: reused.toSorted(), text, edited }));
`,
};

interface Told {
  readonly executed: readonly string[];
  readonly reused: readonly string[];
  readonly text: string;
  readonly edited?: string;
}

function project(): TestRepository {
  const repository = testRepository();
  repository.write(FILES);
  mkdirSync(repository.path('node_modules/@memo'), { recursive: true });
  for (const name of ['core', 'io-fs', 'strategy-git']) {
    symlinkSync(join(INSTALLED, '@memo', name), repository.path(`node_modules/@memo/${name}`));
  }
  return repository;
}

function run(repository: TestRepository, edits?: string, git = 'git'): Told {
  const program = ['src/main.mjs'];
  const env = { ...process.env, ...ISOLATED, NODE_OPTIONS: '', GIT_PROGRAM: git };
  const told = execFileSync(process.execPath, [...program, ...(edits === undefined ? [] : [edits])], {
    cwd: repository.root,
    encoding: 'utf8',
    env,
  });
  return JSON.parse(told) as Told;
}

test('a commit of what ran changes nothing, an edit runs what it reaches, and the explanation names the commit', () => {
  const repository = project();
  expect(run(repository)).toMatchObject({ executed: ['clean', 'load'] });
  const first = repository.commit({}, '2026-02-20');
  expect(run(repository)).toMatchObject({ reused: ['clean', 'load'] });

  repository.write({ 'src/helper.mjs': 'export const factor = 3;\n' });
  const edited = run(repository);
  expect(edited).toMatchObject({ executed: ['clean'], reused: ['load'] });
  expect(edited.text).toContain(`code changed: src/helper.mjs ${first.slice(0, 7)} 2026-02-20 → uncommitted`);

  repository.git(['checkout', '-q', '.']);
  expect(run(repository)).toMatchObject({ executed: [], reused: ['clean', 'load'] });

  // What is known of a file counts only while its times, which an edit cannot keep, are the same.
  expect(readdirSync(repository.path('.memo/cache/git'))).toHaveLength(1);
  const helper = repository.path('src/helper.mjs');
  const { atime, mtime } = statSync(helper);
  repository.write({ 'src/helper.mjs': 'export const factor = 7;\n' });
  utimesSync(helper, atime, mtime);
  expect(run(repository)).toMatchObject({ executed: ['clean'], reused: ['load'] });
});

test('code that was edited after the process loaded it has no version', () => {
  const repository = project();
  repository.commit();
  expect(run(repository, 'src/helper.mjs')).toMatchObject({ executed: ['clean', 'load'], edited: 'M4007' });
});

test('code that is edited after its files were found, and before they are read, has no version', () => {
  const repository = project();
  repository.commit();
  const git = repository.path('.git/editing');
  writeFileSync(git, `#!/bin/sh\necho 'export const factor = 3;' > src/helper.mjs\nexec git "$@"\n`);
  chmodSync(git, 0o755);
  expect(() => run(repository, undefined, git)).toThrow(/M4007/);
});
