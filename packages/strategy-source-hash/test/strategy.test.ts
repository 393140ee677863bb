import { writeFileSync } from 'node:fs';
import type { CodeVersion, OpVersionContext } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { SourceHashVersionStrategy, sourceHash } from '../src/index.ts';
import { first, own } from './fixtures/program/fields.ts';
import { evaluated, generated } from './fixtures/program/generated.ts';
import { hidden, named } from './fixtures/program/hidden.ts';
import { loads } from './fixtures/program/loads.ts';
import { made } from './fixtures/program/made.ts';
import { bound, imported, plain } from './fixtures/program/plain.ts';
import { temporaryProject } from './support/project.ts';

const kinds = (version: CodeVersion): readonly string[] => (version.uncertain ?? []).map(({ kind }) => kind);

function versionOf(
  context: OpVersionContext | undefined,
  options?: ConstructorParameters<typeof SourceHashVersionStrategy>[0],
): CodeVersion {
  if (context === undefined) throw new Error('there is no such op');
  return sourceHash(options).getOpVersion(context);
}

describe('the version of an op', () => {
  test('covers the file that defines it and what that imports', () => {
    const { version, certainty, manifest, uncertain } = versionOf(plain);
    expect(version).toMatch(/^sh3-[0-9a-f]{64}$/);
    expect(certainty).toBe('exact');
    expect(uncertain).toBeUndefined();
    const leads = expect.stringMatching(/^[0-9a-f]{8}$/);
    expect(manifest).toEqual({
      settings: leads,
      whole: leads,
      algorithm: 'source-hash/3',
      node: process.versions.node.split('.')[0],
      // The other definitions of the file are in it because the `op` of this test changes a global for a moment.
      files: {
        'plain.ts': {
          plain: { digest: expect.stringMatching(/^[0-9a-f]{16}$/), leads, via: ['plain'] },
          imported: { digest: expect.any(String), leads, via: ['imported'] },
          bound: { digest: expect.any(String), leads, via: ['bound'] },
        },
        '../../support/op.mjs': {
          op: { digest: expect.any(String), leads, via: ['plain', 'op'] },
          loadedPath: { digest: expect.any(String), leads, via: ['plain', 'op', 'loadedPath'] },
        },
        'double.ts': { double: { digest: expect.any(String), leads, via: ['plain', 'double'] } },
      },
      assets: {},
      packages: {},
      order: ['plain.ts#plain', 'plain.ts#imported', 'plain.ts#bound'],
      env: [],
      uncertain: [],
    });
  });

  test('covers a function that the file imports', () => {
    expect(versionOf(imported).manifest).toMatchObject({
      files: { 'double.ts': { double: { via: ['imported', 'double'] } } },
    });
    expect(versionOf(imported).version).not.toBe(versionOf(plain).version);
  });

  test('covers the callers of a factory, up to the top level', () => {
    const { certainty, manifest } = versionOf(made);
    expect(certainty).toBe('exact');
    expect(Object.keys((manifest as { files: object }).files)).toEqual([
      'factory.ts',
      'made.ts',
      '../../support/op.mjs',
    ]);
  });

  test.each([
    ['of a class', first, ['Jobs', 'Base']],
    ['of an instance, with what makes the instance', own, ['Jobs', 'instance', 'Base']],
  ])('covers the class in a field of which it is made, %s, and nothing beside it', (_what, context, symbols) => {
    const { certainty, manifest } = versionOf(context);
    expect(certainty).toBe('exact');
    const { files } = manifest as { files: Readonly<Record<string, object>> };
    expect(Object.keys(files['fields.ts'] ?? {})).toEqual(expect.arrayContaining(symbols));
    expect(Object.keys(files['fields.ts'] ?? {})).not.toContain('other');
  });

  test('is the same for the class, for the factory, and in a batch', () => {
    const strategy = new SourceHashVersionStrategy();
    expect(strategy.id).toBe('source-hash@3');
    expect(strategy.getVersions([plain, imported])).toEqual([versionOf(plain), versionOf(imported)]);
  });

  test('of a resource covers its functions in the same way', () => {
    const { definition, run } = plain;
    const resource = {
      kind: 'resource' as const,
      name: 'r',
      setup: run,
      teardown: undefined,
      config: {},
      declared: undefined,
      definition,
    };
    expect(sourceHash().getResourceVersion(resource)).toEqual(versionOf(plain));
  });
});

describe('what a version cannot see', () => {
  test('is on the version, with its place', () => {
    const version = versionOf(hidden);
    expect(version.certainty).toBe('untrackable');
    expect(version.volatile).toBeUndefined();
    expect(version.uncertain).toMatchObject([
      { kind: 'dynamic-import', place: { line: 3, file: expect.stringMatching(/hidden\.ts$/) } },
      { kind: 'env:MODEL', place: { line: 4 } },
    ]);
    expect(versionOf(named).manifest).toMatchObject({ env: ['MODEL'], uncertain: ['dynamic-import'] });
  });

  test('refuses the version where the policy says so', () => {
    expect(() => versionOf(hidden, { onUntrackable: 'error' })).toThrow(expect.objectContaining({ code: 'M4010' }));
    expect(versionOf(plain, { onUntrackable: 'error' })).toEqual(versionOf(plain));
  });

  test('makes the step run always where the policy says so', () => {
    expect(versionOf(hidden, { onUntrackable: 'always-run' })).toEqual({ ...versionOf(hidden), volatile: true });
    expect(versionOf(plain, { onUntrackable: 'always-run' }).volatile).toBeUndefined();
  });

  test('includes values that are taken from the world while modules are loaded, in whatever file', () => {
    expect(versionOf(loads).uncertain).toMatchObject([
      { kind: 'impure-initialiser', place: { file: expect.stringMatching(/seed\.ts$/), line: 2 } },
    ]);
  });

  test('includes a function that is not in the files: then its own text counts', () => {
    const version = versionOf(generated);
    expect(kinds(version)).toEqual(['eval', 'eval', 'function-not-found']);
    const other = { ...generated, run: (x: number) => x * 7907 };
    expect(versionOf(other).version).not.toBe(version.version);
    expect(kinds(versionOf(bound))).toEqual(['function-not-found']);
  });

  test('is everything for an op that is defined by code made from text: it gets no version', () => {
    expect(() => versionOf(evaluated as OpVersionContext)).toThrow(expect.objectContaining({ code: 'M4009' }));
    expect(() => versionOf({ ...plain, definition: { frames: [], stack: 'Error', definedAt: 0 } })).toThrow(
      expect.objectContaining({ code: 'M4009', message: expect.stringContaining("version: '1'") }),
    );
  });
});

describe('files that are included', () => {
  const FIXTURES = new URL('./fixtures/', import.meta.url).pathname;

  test('count beside the code', () => {
    const version = versionOf(plain, { include: ['seed.ts'] });
    expect(version.version).not.toBe(versionOf(plain).version);
    expect(version.manifest).toMatchObject({ assets: { 'seed.ts': expect.any(String) } });
    const directory = versionOf(plain, { include: ['.'] });
    expect(directory.manifest).toMatchObject({ assets: { '': expect.any(String) } });
    expect(versionOf(plain, { include: [FIXTURES] }).version).not.toBe(directory.version);
  });

  test('are reported when they are not there', () => {
    expect(versionOf(plain, { include: ['gone.txt'] }).uncertain).toMatchObject([{ kind: 'unresolved-import' }]);
  });
});

describe('a file that was written after the process began', () => {
  test('has no version, and one error names it for all ops', async () => {
    const project = temporaryProject({ 'package.json': '{"type":"module"}' });
    const support = new URL('./support/op.mjs', import.meta.url).pathname;
    writeFileSync(
      project.path('ops.mjs'),
      `import { op } from ${JSON.stringify(support)};\nexport const a = op('a', () => 1);\nexport const b = op('b', () => 2);\n`,
    );
    const { a, b } = (await import(project.path('ops.mjs'))) as Record<'a' | 'b', OpVersionContext>;
    const strategy = sourceHash();
    expect(() => strategy.getOpVersion(a)).toThrow(
      expect.objectContaining({ code: 'M4007', fix: 'restart the process' }),
    );
    const failure = thrownBy(() => strategy.getVersions([plain, a, b]));
    expect(failure).toMatchObject({
      code: 'M4007',
      errors: [{ code: 'M4007', place: { file: project.path('ops.mjs') } }],
    });
  });
});

describe('wrong options', () => {
  test.each([{ onUntrackable: 'maybe' }, { include: 'a' }, { include: [1] }, { tsconfig: 1 }, { undeclaredEnv: 'x' }])(
    '%j',
    (options) => {
      expect(() => Reflect.apply(sourceHash, undefined, [options])).toThrow(TypeError);
    },
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('environment variables', () => {
  const declared = { ...named, env: ['MODEL'] };

  test('that an op declares are no uncertainty, and stay in the manifest', () => {
    expect(kinds(versionOf(named))).toContain('env:MODEL');
    expect(kinds(versionOf(declared))).not.toContain('env:MODEL');
    expect(versionOf(declared).version).toBe(versionOf(named).version);
    expect(versionOf(declared).manifest).toMatchObject({ env: ['MODEL'] });
  });

  test('that it does not declare are refused where that is asked for', () => {
    expect(() => versionOf(named, { undeclaredEnv: 'error' })).toThrow(expect.objectContaining({ code: 'M4010' }));
    expect(versionOf(declared, { undeclaredEnv: 'error' })).toEqual(versionOf(declared));
  });
});
