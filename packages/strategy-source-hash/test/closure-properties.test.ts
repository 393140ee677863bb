import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClosureReader } from '../src/closure.ts';
import { type Aspect, FilesOnDisk, type ReadFile } from '../src/source-files.ts';
import type { GraphOptions } from '../src/source-graph.ts';
import { CONDITIONS, hash } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

/** Ways in which one module can mention another. */
const EDGES: readonly ((target: string, index: number) => string)[] = [
  (target, index) => `import { value as v${index} } from '${target}';`,
  (target) => `import '${target}';`,
  (target) => `export * from '${target}';`,
  (target, index) => `export { value as w${index} } from '${target}';`,
  (target, index) => `export const later${index} = () => import('${target}');`,
  (target, index) => `export const place${index} = new URL('${target}', import.meta.url);`,
];

interface ModuleGraph {
  /** For each module, which others it mentions, and how. */
  readonly edges: readonly (readonly { readonly to: number; readonly how: number }[])[];
}

const graph: fc.Arbitrary<ModuleGraph> = fc.integer({ min: 2, max: 8 }).chain((size) =>
  fc.record({
    edges: fc.array(
      fc.array(fc.record({ to: fc.nat({ max: size - 1 }), how: fc.nat({ max: EDGES.length - 1 }) }), { maxLength: 3 }),
      { minLength: size, maxLength: size },
    ),
  }),
);

const nameOf = (index: number): string => `src/${index % 2 === 0 ? '' : 'odd/'}m${index}.ts`;

function textOf({ edges }: ModuleGraph, index: number, value: string): string {
  const up = index % 2 === 0 ? './' : '../';
  const mentions = (edges[index] ?? []).map(({ to, how }, position) =>
    EDGES[how]?.(`${up}${to % 2 === 0 ? '' : 'odd/'}m${to}.ts`, position),
  );
  return [...mentions, `export const value = '${value}';`, ''].join('\n');
}

function projectOf(modules: ModuleGraph): TemporaryProject {
  const files = modules.edges.map((_, index) => [nameOf(index), textOf(modules, index, 'before')]);
  return temporaryProject({
    'package.json': '{"name":"p","type":"module"}',
    ...(Object.fromEntries(files) as FileTexts),
  });
}

function reachable({ edges }: ModuleGraph, root: number): ReadonlySet<number> {
  const found = new Set([root]);
  for (const index of found) for (const { to } of edges[index] ?? []) found.add(to);
  return found;
}

test('an edit changes the version of exactly those files that reach it, through cycles and all kinds of imports', () => {
  fc.assert(
    fc.property(graph, fc.nat(), (modules, choice) => {
      const edited = choice % modules.edges.length;
      const project = projectOf(modules);
      const before = modules.edges.map((_, index) => hash(project, nameOf(index)).digest);
      project.write({ [nameOf(edited)]: textOf(modules, edited, 'after') });
      const changed = modules.edges.map((_, index) => hash(project, nameOf(index)).digest !== before[index]);
      expect(changed).toEqual(modules.edges.map((_, index) => reachable(modules, index).has(edited)));
    }),
    { numRuns: 40 },
  );
});

test('the version of a file does not depend on the place of the checkout, nor on what was hashed before it', () => {
  fc.assert(
    fc.property(graph, (modules) => {
      const [first, second] = [projectOf(modules), projectOf(modules)];
      const alone = modules.edges.map((_, index) => hash(first, nameOf(index)).digest);
      const reader = new ClosureReader(options(new FilesOnDisk()));
      const backwards = modules.edges.map(
        (_, index) => reader.of(second.path(nameOf(modules.edges.length - 1 - index)))?.digest,
      );
      expect(backwards.reverse()).toEqual(alone);
    }),
    { numRuns: 25 },
  );
});

describe('ops that share files', () => {
  test('share the work: each file is read once', () => {
    const modules: ModuleGraph = {
      edges: Array.from({ length: 20 }, (_, index) => [{ to: (index + 1) % 20, how: 0 }]),
    };
    const project = projectOf(modules);
    const files = new CountingFiles();
    const reader = new ClosureReader(options(files));
    for (const index of modules.edges.keys()) reader.of(project.path(nameOf(index)));
    expect(files.sources).toHaveLength(20);
    expect(new Set(files.sources).size).toBe(20);
  });
});

class CountingFiles extends FilesOnDisk {
  readonly sources: string[] = [];

  override read(path: string, aspect?: Aspect): ReadFile | undefined {
    const file = super.read(path, aspect);
    if (file !== undefined && path.endsWith('.ts')) this.sources.push(path);
    return file;
  }
}

function options(files: GraphOptions['files']): GraphOptions {
  return { files, conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };
}
