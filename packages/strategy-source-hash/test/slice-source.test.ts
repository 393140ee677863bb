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
    expect(slice.version).toMatch(/^sh2-[0-9a-f]{64}$/);
    expect(slice.env).toEqual(['MODEL']);
    expect(slice.certainty).toBe('assumed');
    expect(slice.symbols.map(({ file }) => file)).toEqual(['src/ops.ts', 'src/lib.ts']);
  });

  test('of a file that is not there is an error', () => {
    const { root } = temporaryProject({});
    expect(() => sliceSource({ root, file: 'gone.ts', exportName: 'main' })).toThrow(
      expect.objectContaining({ code: 'M4009' }),
    );
  });
});
