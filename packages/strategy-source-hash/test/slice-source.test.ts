import { describe, expect, test } from 'vitest';
import { sliceSource } from '../src/index.ts';
import { temporaryProject } from './support/project.ts';

describe('a slice', () => {
  test('holds what the export reaches, and where it was found', () => {
    const project = temporaryProject({
      'package.json': '{"name":"t","type":"module"}',
      'src/ops.ts': `import { op } from '@memo/core';\nimport { h } from './lib.ts';\nexport const main = op('main', () => h());\n`,
      'src/lib.ts': `export const h = () => process.env.MODEL;\n`,
    });
    const slice = sliceSource({ root: project.root, file: 'src/ops.ts', exportName: 'main' });
    expect(slice.version).toMatch(/^sh3-[0-9a-f]{64}$/);
    expect(slice.env).toEqual(['MODEL']);
    expect(slice.certainty).toBe('assumed');
    expect(slice.symbols.map(({ file }) => file)).toEqual(['src/ops.ts', 'src/lib.ts']);
  });

  test('holds what is included beside the code, and says what of it is absent', () => {
    const project = temporaryProject({
      'package.json': '{"name":"t","type":"module"}',
      'src/ops.ts': 'export const main = () => 1;\n',
      'prompts/a.md': 'Be brief.\n',
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
    });
    const request = { root: project.root, file: 'src/ops.ts', exportName: 'main' };
    const include = ['prompts/*.md', 'package:dep'];
    const plain = sliceSource(request);
    expect(sliceSource({ ...request, include: [] })).toEqual(plain);
    const before = sliceSource({ ...request, include });
    expect(before).toMatchObject({ certainty: 'exact', packages: ['dep@1.0.0'], symbols: plain.symbols });
    expect(before.assets.map(({ file }) => file)).toEqual(['prompts/a.md']);
    project.write({ 'prompts/a.md': 'Be very brief.\n' });
    const edited = sliceSource({ ...request, include });
    project.write({ 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.1"}' });
    const upgraded = sliceSource({ ...request, include });
    expect(new Set([plain, before, edited, upgraded].map(({ version }) => version)).size).toBe(4);
    expect(sliceSource({ ...request, include: ['gone.md'] })).toMatchObject({
      certainty: 'untrackable',
      uncertain: [{ kind: 'unresolved-import', place: { file: project.path('gone.md') } }],
    });
    expect(() => sliceSource({ ...request, include: [''] })).toThrow(TypeError);
  });

  test('of a file that is not there is an error', () => {
    const { root } = temporaryProject({});
    expect(() => sliceSource({ root, file: 'gone.ts', exportName: 'main' })).toThrow(
      expect.objectContaining({ code: 'M4009' }),
    );
  });
});
