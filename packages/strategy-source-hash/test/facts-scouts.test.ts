import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Analysis } from '../src/analysis.ts';
import { Claims } from '../src/claims.ts';
import { FactsScouts, type FoundFacts } from '../src/facts-scouts.ts';
import { scout } from '../src/scout.ts';
import { CONDITIONS, hash } from './support/hashing.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';
import { layout, print, program } from './support/random-program.ts';

/** An analysis that knows nothing. */
const fresh = (): Analysis => new Analysis(undefined, new Map());

const around = { conditions: CONDITIONS, tsconfig: undefined };

/** What a scout finds, by key. */
function foundFrom(root: string, claims: Claims = new Claims()): Map<string, string> {
  const { port1, port2 } = new MessageChannel();
  scout({ roots: [root], claims: claims.shared, port: port2, ...around });
  const found = new Map<string, string>();
  for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1)) {
    const { key, json } = next.message as FoundFacts;
    found.set(key, json);
  }
  port1.close();
  return found;
}

/** Hashes with the facts of scouts; says how many of them were of use. */
function hashWith(project: TemporaryProject, found: Map<string, string>): { readonly closure: unknown; used: number } {
  let used = 0;
  const analysis = fresh();
  const take = (key: string): string | undefined => {
    if (found.has(key)) used += 1;
    return found.get(key);
  };
  return {
    closure: analysis.withScouts({ take, recall: () => {} }, () => hash(project, 'a.js', { analysis })),
    used,
  };
}

/** Three modules that import each other in a circle. */
function cycleOf(texts: readonly string[]): TemporaryProject {
  const names = ['a', 'b', 'c'];
  return temporaryProject(
    Object.fromEntries(
      names.map((name, at) => [
        `${name}.js`,
        `import './${names[(at + 1) % 3]}.js';\n${texts[at] ?? ''}\nexport {};\n`,
      ]),
    ),
  );
}

describe('what scouts find', () => {
  test('is what the main thread finds, in random programs that import each other', () => {
    const text = fc.tuple(program, layout).map(([tokens, gaps]) => print(tokens, gaps));
    fc.assert(
      fc.property(fc.tuple(text, text, text), (three) => {
        const project = cycleOf(three);
        const { closure, used } = hashWith(project, foundFrom(project.path('a.js')));
        expect(closure).toEqual(hash(project, 'a.js', { analysis: fresh() }));
        expect(used).toBe(3);
      }),
      { numRuns: process.env.MEMO_TEST_FULL === undefined ? 5 : 100 },
    );
  });

  test('leaves out what another thread looks at, files that do not parse, and packages', () => {
    const project = temporaryProject({
      'a.js': `import './b.js'; import './broken.js'; import 'dep'; import '@memo/core';`,
      'b.js': `import './c.js';`,
      'c.js': `export {};`,
      'broken.js': `export const = ;`,
      'node_modules/dep/index.js': `export {};`,
      'node_modules/dep/package.json': `{ "name": "dep", "version": "1.0.0", "main": "index.js" }`,
    });
    const claims = new Claims();
    expect(claims.take(project.path('b.js'))).toBe(true);
    expect(foundFrom(project.path('a.js'), claims).size).toBe(1);
    expect(claims.take(project.path('a.js'))).toBe(false);
    expect(claims.take(project.path('c.js'))).toBe(true);
  });

  test('is not believed where it cannot be facts', () => {
    const project = temporaryProject({ 'a.js': `export const a = 1;` });
    const [key = ''] = foundFrom(project.path('a.js')).keys();
    expect(hashWith(project, new Map([[key, '{"digest":"no"}']])).closure).toEqual(
      hash(project, 'a.js', { analysis: fresh() }),
    );
  });
});

describe('threads', () => {
  const PROGRAM = new URL('./support/scout-child.mjs', import.meta.url);

  test('find what is needed later', async () => {
    const project = temporaryProject({ 'a.js': `import './b.js';`, 'b.js': `export const b = 1;` });
    const expected = [...foundFrom(project.path('a.js'))];
    const scouts = new FactsScouts([project.path('a.js')], around, {
      count: 1,
      patience: 1,
      program: PROGRAM,
    });
    // The first question sends them out; its file is claimed by who asks.
    expect(scouts.take('elsewhere', project.path('elsewhere.js'))).toBeUndefined();
    for (const [key, json] of expected) {
      await vi.waitFor(() => expect(scouts.take(key, project.path('elsewhere.js'))).toBe(json), {
        timeout: 100_000,
        interval: 5,
      });
    }
    scouts.recall();
  });

  test('that cannot start are done without', () => {
    const project = temporaryProject({ 'a.js': `import './b.js';`, 'b.js': `export const b = 1;` });
    const analysis = fresh();
    const scouts = new FactsScouts([project.path('a.js')], around, {
      count: 1,
      patience: 1,
      program: new URL('no-such-program.js', import.meta.url),
    });
    const closure = analysis.withScouts(scouts, () => hash(project, 'a.js', { analysis }));
    expect(closure).toEqual(hash(project, 'a.js', { analysis: fresh() }));
  });
});
