import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compilation, type Compiler, ConsumerProject, compilers } from './consumer-project.ts';

/** Settings of users on which inference could depend. */
const SETTINGS: Readonly<Record<Compiler, Readonly<Record<string, unknown>>>> = {
  'TypeScript 7': { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, isolatedModules: true },
  'TypeScript 5.9': {},
};

const DECLARATIONS = {
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  rewriteRelativeImportExtensions: true,
};

/** Uses the emitted declarations as a package that depends on the project would. */
const DOWNSTREAM = `
import { job, type Ref } from '@memo/core';
import { optional, settings } from '../declared/inferred-ops.js';
import { byName, lenient, project } from '../declared/inferred-jobs.js';
import { fetchDocs, split, training, type Doc, type Model } from '../declared/pipeline.js';

export const model: Promise<Model> = training.run({ config: { source: 'a' } }).then((result) => result.load('model'));
export const planned = [lenient.plan(), project.jobs[0].plan({ config: { source: 'a', ratio: 1 } })];
export const number: Promise<number> = byName;
export const again = job('again', {
  build: () => {
    const docs: Ref<Doc[]> = fetchDocs({}, { config: { source: 'b' } });
    const { kept } = optional({ docs });
    return { depth: settings({}, { config: { depth: 3 } }), parts: split({ docs: kept, ratio: 0.5 }) };
  },
});
// @ts-expect-error the config is required
training.run();
// @ts-expect-error a model is no report
training.run({ config: { source: 'a' } }).then((result): Promise<Model> => result.load('report'));
`;

const DOORS = ['@memo/core', '@memo/core/plugin', '@memo/core/inspect', '@memo/core/testing'];

let project: ConsumerProject;
beforeAll(async () => {
  project = await ConsumerProject.create();
  project.copy('fixtures/programs', 'programs');
});
afterAll(() => project.remove());

describe.each(compilers)('with %s', (compiler) => {
  test('ops and jobs have the types that their functions say, and emit declarations that other projects can use', async () => {
    const outDir = `declared-by-${compiler.replaceAll(/\W/g, '-')}`;
    project.write(`downstream-of-${outDir}/index.ts`, DOWNSTREAM.replaceAll('declared/', `${outDir}/`));
    const options = { ...SETTINGS[compiler], ...DECLARATIONS, rootDir: 'programs', outDir };
    expectNoErrors(await project.compile(compiler, 'programs', options));
    expectNoErrors(await project.compile(compiler, `downstream-of-${outDir}`));
  });
});

test('the declarations of the package are right where libraries are checked too', async () => {
  project.write('strict/index.ts', DOORS.map((door) => `import '${door}';`).join('\n'));
  expectNoErrors(await project.compile('TypeScript 7', 'strict', { skipLibCheck: false }));
});

function expectNoErrors({ output }: Compilation): void {
  expect(output).toBe('');
}
