import type { OpVersionContext } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { isBundledFile } from '../src/bundle-marks.ts';
import { sourceHash, VERSIONS_FILE, versionsForBundle } from '../src/index.ts';
import { hidden } from './fixtures/program/hidden.ts';
import { plain } from './fixtures/program/plain.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';

const MAP = JSON.stringify({ version: 3, sources: ['../src/a.ts', '../src/b.ts', '../node_modules/dep/index.js'] });
const BUNDLE = { 'package.json': '{"type":"module"}', 'dist/app.mjs': 'op();\n', 'dist/app.mjs.map': MAP };

function bundled(project: TemporaryProject): OpVersionContext {
  const frame = { file: project.path('dist/app.mjs'), line: 1, column: 1, functionName: undefined };
  return { ...plain, definition: { frames: [frame], stack: `Error\n    at ${frame.file}:1:1`, definedAt: 0 } };
}

describe('an op in a bundle', () => {
  test('has the version that its sources had when the bundle was built', () => {
    const made = versionsForBundle([plain]);
    const [version] = sourceHash().getVersions([plain]);
    const project = temporaryProject({ ...BUNDLE, [VERSIONS_FILE]: JSON.stringify(made) });
    expect(sourceHash().getOpVersion(bundled(project))).toEqual({ version: version?.version, certainty: 'exact' });
  });

  test('runs always when its code cannot be tracked and the policy is that', () => {
    const project = temporaryProject({ ...BUNDLE, [VERSIONS_FILE]: JSON.stringify(versionsForBundle([hidden])) });
    const context = { ...bundled(project), name: hidden.name, namespace: hidden.namespace };
    expect(sourceHash({ onUntrackable: 'always-run' }).getOpVersion(context).volatile).toBe(true);
    expect(sourceHash().getOpVersion(context).volatile).toBeUndefined();
  });

  test('is refused when two definitions of its name have different versions', () => {
    const namesake = { ...hidden, name: plain.name, namespace: plain.namespace };
    expect(() => versionsForBundle([plain, namesake])).toThrow(expect.objectContaining({ code: 'M4009' }));
    expect(versionsForBundle([plain, plain])).toEqual(versionsForBundle([plain]));
  });

  test.each([
    ['no file of versions', {}],
    [
      'a file of another release',
      { [VERSIONS_FILE]: JSON.stringify({ ...versionsForBundle([plain]), algorithm: 'x' }) },
    ],
    ['a file without the op', { [VERSIONS_FILE]: JSON.stringify({ ...versionsForBundle([]) }) }],
    ['a file that is no JSON', { [VERSIONS_FILE]: '{' }],
  ])('has none with %s', (_title, files) => {
    const context = bundled(temporaryProject({ ...BUNDLE, ...files }));
    expect(() => sourceHash().getOpVersion(context)).toThrow(
      expect.objectContaining({ code: 'M4009', fix: expect.stringContaining('versionsForBundle') }),
    );
  });
});

const INLINE = `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(MAP).toString('base64')}`;
const ONE_SOURCE = JSON.stringify({ version: 3, sources: ['../src/a.ts'] });

describe('a file without a map beside it', () => {
  test.each([
    ['an inline map of several sources', `op();\n${INLINE}\n`],
    ['comments that name several modules', '// src/a.ts\nop();\n// src/b.ts\nrun();\n'],
    ['regions of several modules', '//#region src/a.ts\nop();\n//#endregion\n//#region src/b.ts\nrun();\n'],
    ['helpers of a bundler', 'var __commonJS = (cb) => cb;\nop();\n'],
    ['names that two modules had', 'const total = op();\nconst total$1 = op();\nexport { total, total$1 as sum };\n'],
    ['lines that nobody reads', `${'op();'.repeat(5_000)}\n`],
  ])('is a bundle by %s', (_what, text) => {
    const { 'dist/app.mjs.map': _map, ...files } = BUNDLE;
    const context = bundled(temporaryProject({ ...files, 'dist/app.mjs': text }));
    expect(() => sourceHash().getOpVersion(context)).toThrow(expect.objectContaining({ code: 'M4009' }));
  });

  test.each([
    ['comments that name one file', '// src/a.ts\nop();\n', {}],
    ['names that hold a dollar', 'const $rows = op();\nconst rows$ = op();\n  const inner$1 = 1;\n', {}],
    ['a map of one source', '// src/a.ts\nop();\n// src/b.ts\nrun();\n', { 'dist/app.mjs.map': ONE_SOURCE }],
  ])('is none by %s', (_what, text, map) => {
    const { 'dist/app.mjs.map': _map, ...files } = BUNDLE;
    const project = temporaryProject({ ...files, ...map, 'dist/app.mjs': text });
    expect(isBundledFile(project.path('dist/app.mjs'))).toBe(false);
  });
});
