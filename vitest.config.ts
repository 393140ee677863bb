import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { IS_WHOLE } from './tools/test-form.mjs';

// Node 20 reads all certificates that this names whenever it starts, some 70 ms. Tests start thousands of processes, which speak to this machine alone.
delete process.env.NODE_EXTRA_CA_CERTS;

// Tests run on sources: the condition makes `@memo/*` imports resolve to src, so no build has to come first.
// Without 'module', which Node does not know: tests load the files of a dependency that Node would load.
const conditions = ['@memo/source', ...defaultServerConditions.filter((condition) => condition !== 'module')];

// Starting a process for each file costs more than most files do. Where tests keep nothing in modules, files share one.
const project = (name: string, root: string, isolate: boolean) => ({
  extends: true as const,
  root,
  test: {
    name,
    isolate,
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixture?(s)/**'],
  },
});

const s3ServerSetup = fileURLToPath(new URL('packages/io-s3-pickle/test/support/global-setup.ts', import.meta.url));

const withSetup = (of: ReturnType<typeof project>, globalSetup: string) => ({
  ...of,
  test: { ...of.test, globalSetup },
});

const examples = project('examples', 'examples/05-custom-io-manager', false);
// Over HTTP the suite takes long: CI waits for it.
if (!IS_WHOLE) examples.test.exclude.push('**/conformance.test.ts');

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    maxWorkers: '100%',
    // Bounds a test that hangs; no test passes or fails by how fast the machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: false,
    projects: [
      project('cli', 'packages/cli', false),
      project('core', 'packages/core', false),
      project('conformance', 'packages/conformance', false),
      project('create-io-manager', 'packages/create-io-manager', false),
      project('io-fs', 'packages/io-fs', false),
      withSetup(project('io-s3-pickle', 'packages/io-s3-pickle', false), s3ServerSetup),
      project('io-unstorage', 'packages/io-unstorage', false),
      project('strategy-source-hash', 'packages/strategy-source-hash', true),
      project('strategy-git', 'packages/strategy-git', false),
      project('demo', 'apps/demo', false),
      examples,
      project('bench', 'bench', false),
      project('tools', 'tools', false),
    ],
  },
});
