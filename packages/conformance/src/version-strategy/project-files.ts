/** The files of the project whose versions are asked for, by path. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "conformance-project", "version": "1.0.0", "type": "module", "private": true }\n',
  '.gitignore': 'node_modules\n',
  'src/factor.js': 'export const FACTOR = 2;\n',
  'src/scale.js': `import { FACTOR } from './factor.js';

export function scale(number) {
  return number * FACTOR;
}
`,
  'src/clean.js': `import { op } from '@memo/core';
import { scale } from './scale.js';

export const clean = op('clean', ({ rows }) => rows.map((row) => scale(row) + 1));
`,
  'src/count.js': `import { op } from '@memo/core';
import { store } from './store.js';

export const count = op('count', {
  uses: { store },
  run: ({ rows }, { use }) => use.store.size + rows.length,
});
`,
  'src/store.js': `import { resource } from '@memo/core';

export const store = resource('store', { setup: () => ({ size: 1 }) });
`,
  'src/unrelated.js': 'export const nobody = "imports this";\n',
  'pipeline.js': `import { job } from '@memo/core';
import { clean } from './src/clean.js';
import { count } from './src/count.js';

export const pipeline = (versions) =>
  job('conformance', {
    versions,
    build: () => ({ count: count({ rows: clean({ rows: [1, 2, 3] }) }) }),
  });
`,
};

/** A change of one file. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Edits after which something behaves differently, by what changed. */
export const EDITS: Readonly<Record<'op' | 'helper' | 'constant' | 'resource', Edit>> = {
  op: { file: 'src/clean.js', find: '+ 1', replace: '+ 2' },
  helper: { file: 'src/scale.js', find: 'number * FACTOR', replace: 'number + FACTOR' },
  constant: { file: 'src/factor.js', find: 'FACTOR = 2', replace: 'FACTOR = 3' },
  resource: { file: 'src/store.js', find: 'size: 1', replace: 'size: 2' },
};

/** Edits after which everything behaves as before. */
export const HARMLESS_EDITS: Readonly<Record<'comment' | 'layout' | 'unrelated', Edit>> = {
  comment: { file: 'src/scale.js', find: 'export function', replace: '// Makes it larger.\nexport function' },
  layout: { file: 'src/scale.js', find: '  return number', replace: '    return   number' },
  unrelated: { file: 'src/unrelated.js', find: 'imports this', replace: 'imports that' },
};
