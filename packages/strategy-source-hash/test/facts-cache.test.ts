import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { ALGORITHM } from '../src/algorithm.ts';
import { Analysis } from '../src/analysis.ts';
import { AnswerCache, type RememberedAnswers } from '../src/answer-cache.ts';
import { AnswerDetails } from '../src/answer-details.ts';
import { digestBytes, digestText } from '../src/digest.ts';
import { FACTS_FORM, FactsCache } from '../src/facts-cache.ts';
import { sourceHash } from '../src/index.ts';
import type { SourceFacts } from '../src/source-facts.ts';
import { storedFacts } from '../src/stored-facts.ts';
import { parserVersion } from '../src/syntax-tree.ts';
import { PROGRAM_EDITS } from './cases/program-edits.ts';
import { plain } from './fixtures/program/plain.ts';
import { hash } from './support/hashing.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';
import { layout, print, program } from './support/random-program.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as unknown;
const CASES = (read('./cases/edits.json') as readonly { id: string; files: FileTexts }[]).map(({ id, files }) => ({
  id,
  files,
}));
/** Each is three looks at a program. */
const SAMPLED = CASES.filter((_case, index) => IS_WHOLE || index % 4 === 0);
const TEXT = `import { a } from './a.ts';\nexport const now = Date.now();\nexport const f = () => import('./b.ts') ?? eval(a);\n`;

function cacheIn({ root }: TemporaryProject, maxBytes?: number): FactsCache {
  const options = { directory: `${root}/cache`, algorithm: ALGORITHM, makes: true };
  return new FactsCache(maxBytes === undefined ? options : { ...options, maxBytes });
}

/** An analysis that knows only what its cache does. */
const fresh = (cache?: FactsCache): Analysis => new Analysis(cache, new Map());

const factsOf = (text: string, cache?: FactsCache): SourceFacts => fresh(cache).factsOf('x.ts', Buffer.from(text));

function fill(project: TemporaryProject, ...texts: readonly string[]): FactsCache {
  const cache = cacheIn(project);
  for (const text of texts) factsOf(text, cache);
  cache.flush();
  return cache;
}

const sizeOf = (cache: FactsCache): number => statSync(cache.path).size;

describe('an analysis with a cache says what one without says', () => {
  test.each(SAMPLED)('of $id', ({ files }) => {
    const project = temporaryProject(files);
    const cold = hash(project, 'src/ops.ts', { analysis: fresh() });
    const filling = cacheIn(project);
    expect(hash(project, 'src/ops.ts', { analysis: fresh(filling) })).toEqual(cold);
    filling.flush();
    const before = sizeOf(filling);
    const full = cacheIn(project);
    expect(hash(project, 'src/ops.ts', { analysis: fresh(full) })).toEqual(cold);
    full.flush();
    expect(sizeOf(full)).toBe(before);
  });

  test('of any program', () => {
    const project = temporaryProject({});
    fc.assert(
      fc.property(program, layout, (tokens, printed) => {
        const text = print(tokens, printed);
        fill(project, text);
        expect(factsOf(text, cacheIn(project))).toEqual(factsOf(text));
      }),
      { numRuns: 50 },
    );
  });

  test('whatever happened to the file', () => {
    const project = temporaryProject({});
    const { path } = fill(project, TEXT, 'other()');
    const whole = readFileSync(path);
    const cold = factsOf(TEXT);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(60), fc.uint8Array({ maxLength: 20 }), (at, cut, bytes) => {
        writeFileSync(path, Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + cut)]));
        expect(factsOf(TEXT, cacheIn(project))).toEqual(cold);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever a line holds that no analysis has written', () => {
    const cold = factsOf(TEXT);
    const parts = fc.constantFrom('digest', 'references', 'findings', 'initialisers');
    const broken = fc
      .tuple(parts, fc.jsonValue())
      .map(([part, value]) => ({ ...(storedFacts(cold) as object), [part]: value }))
      .filter((value) => !Array.isArray(value.references) || value.references.length > 0)
      .filter((value) => !Array.isArray(value.findings) || value.findings.length > 0);
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), broken), (value) => {
        const cache = cacheIn(temporaryProject({}));
        cache.put(`${parserVersion()} facts file.ts ${digestBytes(Buffer.from(TEXT))}`, value);
        expect(factsOf(TEXT, cache)).toEqual(cold);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a cache', () => {
  test('does not know a text of which one character is another', () => {
    const project = temporaryProject({});
    fill(project, TEXT);
    const cache = cacheIn(project);
    const edited = TEXT.replace('b.ts', 'c.ts');
    expect(factsOf(edited, cache)).toEqual(factsOf(edited));
    const before = sizeOf(cache);
    cache.flush();
    expect(sizeOf(cache)).toBeGreaterThan(before);
  });

  test('writes much before all is done, finds it all the same, and is written anew once, at the end', () => {
    const project = temporaryProject({});
    const text = 'x'.repeat(300_000);
    const putTen = (cache: FactsCache, name: string): void => {
      for (let at = 0; at < 10; at += 1) cache.put(`${name} ${at}`, text);
    };
    const cache = cacheIn(project, 5_000_000);
    putTen(cache, 'first');
    expect(sizeOf(cache)).toBeGreaterThan(2_000_000);
    expect(cache.get('first 0')).toBe(text);
    cache.flush();
    const before = sizeOf(cache);
    const later = cacheIn(project, 5_000_000);
    expect(later.get('first 3')).toBe(text);
    putTen(later, 'second');
    expect(sizeOf(later)).toBeLessThan(5_000_000);
    later.flush();
    expect(sizeOf(later)).toBeGreaterThan(before);
    const last = cacheIn(project, 5_000_000);
    const found = ['first 3', 'second 0', 'second 9', 'first 4'].map((key) => last.get(key) === text);
    expect(found).toEqual([true, true, true, false]);
  });

  test('of another algorithm is another file', () => {
    const project = temporaryProject({});
    const { path } = fill(project, TEXT);
    const other = new FactsCache({ directory: `${project.root}/cache`, algorithm: 'source-hash/1', makes: true });
    expect(path).toBe(`${project.root}/cache/facts-source-hash-3.${FACTS_FORM}.jsonl`);
    expect(other.path).not.toBe(path);
    factsOf(TEXT, other);
    other.flush();
    expect(readFileSync(other.path)).toEqual(readFileSync(path));
  });

  test('keeps what was appended to a line that a crash left open', () => {
    const project = temporaryProject({});
    const { path } = fill(project, TEXT);
    appendFileSync(path, 'half a li');
    fill(project, 'other()');
    const cache = cacheIn(project);
    const before = sizeOf(cache);
    for (const text of [TEXT, 'other()']) factsOf(text, cache);
    cache.flush();
    expect(sizeOf(cache)).toBe(before);
  });

  test('that grew too large is written anew, with what the process used', () => {
    const project = temporaryProject({});
    const all = fill(project, ...Array.from({ length: 20 }, (_, index) => `f(${index})`));
    const small = cacheIn(project, sizeOf(all));
    for (const text of ['f(3)', 'another(1)']) factsOf(text, small);
    small.flush();
    expect(readFileSync(small.path, 'utf8').trim().split('\n')).toHaveLength(2);
    expect(readdirSync(`${project.root}/cache`)).toHaveLength(1);
    const again = cacheIn(project);
    for (const text of ['f(3)', 'another(1)']) factsOf(text, again);
    const before = sizeOf(again);
    again.flush();
    expect(sizeOf(again)).toBe(before);
  });

  test('that cannot be read or written is done without', () => {
    const project = temporaryProject({ file: '' });
    const version = sourceHash({ cache: false }).getOpVersion(plain);
    expect(sourceHash({ cache: project.path('file') }).getOpVersion(plain)).toEqual(version);
    expect(sourceHash({ cache: project.path('file/below') }).getOpVersion(plain)).toEqual(version);
  });

  test('makes no directory of its own in a project that has no `.memo`', () => {
    const project = temporaryProject({ '.memo/x': '' });
    const directory = `${project.root}/.memo/cache/source-hash`;
    const absent = `${project.root}/other/.memo/cache/source-hash`;
    for (const place of [directory, absent]) {
      const cache = new FactsCache({ directory: place, algorithm: ALGORITHM, makes: false });
      factsOf(TEXT, cache);
      cache.flush();
    }
    expect(existsSync(directory)).toBe(true);
    expect(existsSync(`${project.root}/other`)).toBe(false);
  });
});

describe('answers in a cache', () => {
  const root = { path: '/', inode: 1, look: '', isSettled: false, listing: '', entries: {} };
  const definitions = [{ about: 'a', functions: 'f', calls: [['file', '[]', ''] as const] }];
  const details = AnswerDetails.of({ keys: ['key'], definitions, files: [[{ contents: [['', 'digest']] }]] });
  const remembered: RememberedAnswers = {
    asker: 'a',
    question: 'q',
    seen: {
      directories: [{ ...root, names: ['file'], looks: [1, 2.5, 3.25, 4], bytes: [] }],
      links: [],
      resolutions: [],
    },
    answers: [1],
    shared: [],
    details: () => details,
  };
  const whole = (one: RememberedAnswers | undefined) => {
    const { keys, definitions, definers, files, slices } = one?.details() ?? {};
    return one && { ...one, details: { keys, definitions, definers, files, slices } };
  };

  /** What is found after all kinds of damage to one of the files: `left`, where it is damaged. */
  const damage = (prefix: string, left: unknown): void => {
    const { root } = temporaryProject({});
    const cache = new AnswerCache(root, true);
    cache.put('name', remembered);
    expect(whole(cache.get('name'))).toEqual(whole(remembered));
    const path = `${root}/${readdirSync(root).find((name) => name.startsWith(prefix))}`;
    const stored = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(stored.length), fc.nat(60), fc.uint8Array({ maxLength: 20 }), (at, cut, bytes) => {
        const damaged = Buffer.concat([stored.subarray(0, at), bytes, stored.subarray(at + cut)]);
        writeFileSync(path, damaged);
        expect(whole(cache.get('name'))).toEqual(damaged.equals(stored) ? whole(remembered) : left);
      }),
      { numRuns: 300 },
    );
  };

  test('are none when anything happened to them, and without details when that happened to these', () => {
    damage('answers-', undefined);
    damage('details-', whole({ ...remembered, details: () => undefined }));
  });

  test('are kept for the sets of questions that were asked last, each in two files', () => {
    const { root } = temporaryProject({});
    const cache = new AnswerCache(root, true);
    for (let index = 0; index < 40; index++) cache.put(digestText(String(index)), remembered);
    for (const prefix of ['answers-', 'details-'])
      expect(readdirSync(root).filter((name) => name.startsWith(prefix))).toHaveLength(24);
    expect(whole(cache.get(digestText('39')))).toEqual(whole(remembered));
  });

  test('are done without where they cannot be written', () => {
    const { root } = temporaryProject({ file: '' });
    const cache = new AnswerCache(`${root}/file/below`, true);
    cache.put('name', remembered);
    expect(cache.get('name')).toBeUndefined();
  });
});

/**
 * What changes here changes what older caches hold: raise FACTS_FORM (facts-cache.ts), and add the line for the new number. Without
 * that, a machine with an old cache would give other versions than one without.
 */
test('the facts of the cases are those that caches of this form hold', () => {
  const all = [...CASES, ...PROGRAM_EDITS].flatMap(({ files }) =>
    Object.entries(files).flatMap(([name, text]) =>
      text === null ? [] : [storedFacts(fresh().factsOf(name, Buffer.from(text)))],
    ),
  );
  const key = `${FACTS_FORM} oxc-parser ${parserVersion()}`;
  expect({ [key]: digestText(JSON.stringify(all)) }).toEqual(read('./golden/facts.json'));
});
