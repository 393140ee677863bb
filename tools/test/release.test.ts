import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IS_WHOLE } from '../../tools/test-form.mjs';
import { ROOT } from '../setup.mjs';
import { packagesIn } from '../workspace.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'memo-release-'));
  const manifests = [...packagesIn('packages'), ...packagesIn('apps')].map(({ folder }) => `${folder}/package.json`);
  for (const path of ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json', ...manifests]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(ROOT, path), join(root, path));
  }
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '--quiet', '--message=start');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]) {
  execFileSync('git', args, { cwd: root });
}

function versionsAfter(bump: 'patch' | 'minor' | 'major') {
  writeFileSync(join(root, '.changeset', 'one.md'), `---\n'@memo/core': ${bump}\n---\n\nA change.\n`);
  execFileSync(process.execPath, [join(ROOT, 'node_modules/@changesets/cli/bin.js'), 'version'], {
    cwd: root,
    stdio: 'pipe',
  });
  const packages = packagesIn('packages', root).map(({ manifest }) => [manifest.name, manifest.version] as const);
  return Object.fromEntries(packages);
}

function currentVersion(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')).version;
}

test.each(IS_WHOLE ? (['patch', 'minor'] as const) : (['minor'] as const))(
  'a %s of core leaves the packages that depend on it as they are',
  (bump) => {
    const versions = versionsAfter(bump);
    expect(versions['@memo/core']).not.toBe(currentVersion('core'));
    expect(versions['@memo/io-fs']).toBe(currentVersion('io-fs'));
    expect(versions['@memo/strategy-source-hash']).toBe(currentVersion('strategy-source-hash'));
  },
);

test('a major of core leaves the range that the others accept, so they get a major too', () => {
  const versions = versionsAfter('major');
  expect(versions['@memo/core']).toBe('1.0.0');
  expect(versions['@memo/io-fs']).toBe('1.0.0');
});
