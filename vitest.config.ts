import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Tests run on sources: the condition makes `@memo/*` imports resolve to src, so no build has to come first.
const conditions = ['@memo/source', ...defaultServerConditions];

const project = (name: string, root: string) => ({
  extends: true as const,
  root,
  test: { name, include: ['test/**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**', '**/fixture?(s)/**'] },
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    projects: [
      project('core', 'packages/core'),
      project('io-fs', 'packages/io-fs'),
      project('strategy-source-hash', 'packages/strategy-source-hash'),
      project('demo', 'apps/demo'),
      project('bench', 'bench'),
      project('tools', 'tools'),
    ],
  },
});
