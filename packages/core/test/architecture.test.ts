import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript59';
import { describe, expect, test } from 'vitest';

/** The folders of src, lowest first. A file imports from its own folder and from those before it; the files at the top import from all. */
const RANKS = [
  'errors',
  'hash',
  'trust',
  'io',
  'stored',
  'definitions',
  'trace',
  'versions',
  'records',
  'plan',
  'tiers',
  'retention',
  'bundles',
  'events',
  'execution',
  'testing',
];

/** Everything else gets time and chance handed in, or does without: versions, plans and stored bytes must not depend on them. */
const IMPURE_FILES: Readonly<Record<string, readonly string[]>> = {
  // The clock that is handed in.
  'core/definitions/clock.ts': ['Date.now', 'Math.random', 'performance.now'],
  // When code was loaded, to tell whether its file was edited since.
  'core/definitions/definition-site.ts': ['performance.now'],
  'strategy-source-hash/process-clock.ts': ['Date.now', 'performance.now'],
  // When buffered lines are due, and the name of a new segment.
  'core/records/binding-log.ts': ['performance.now'],
  // The clock that commands are handed.
  'cli/process-surroundings.ts': ['Date.now', 'performance.now'],
  // Whether a signature has expired.
  'core/trust/trust.ts': ['Date.now'],
  // Pages that talk about it.
  'cli/explain/error-pages.ts': ['Date.now', 'new Date()'],
  // How old an abandoned temporary file is.
  'io-fs/file-system.ts': ['Date.now'],
  // When an output was stored, for listings.
  'io-unstorage/pointer.ts': ['Date.now'],
  // How long the bytes of an object have been waited for.
  'io-s3-pickle/object-chunks.ts': ['performance.now'],
  // It knows by its name what asks for the locale.
  'strategy-source-hash/machine-questions.ts': ['localeCompare'],
  // Of code that asks for locale and time zone as it is loaded, these count.
  'strategy-source-hash/machine-values.ts': ['Intl.'],
};

const IMPURE = /\b(?:Date\.now|new Date\(\)|performance\.now|Math\.random|localeCompare|toLocale\w*String|Intl\.)/g;

/** Packages that a file may import although nothing else of core does. */
const OPTIONAL_PEERS: Readonly<Record<string, string>> = { 'testing/vitest.ts': 'vitest' };

/** What else of core is imported by packages that are no plugins: public doors, too. */
const FURTHER_DOORS: Readonly<Record<string, readonly string[]>> = {
  cli: ['@memo/core', '@memo/core/inspect', '@memo/core/retention', '@memo/core/text'],
  conformance: ['@memo/core/testing'],
};

const packages = fileURLToPath(new URL('../..', import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const core = sourcesOf('core');

describe('core', () => {
  test('imports go from higher ranks to lower ones', () => {
    const wrong = core.flatMap(({ path, imports }) =>
      imports
        .filter(isRelative)
        .map((specifier) => posix.join(posix.dirname(path), specifier))
        .filter((target) => rankOf(target) > rankOf(path))
        .map((target) => `${path} may not import ${target}: move what it needs to ${folderOf(path) ?? 'src'} or below`),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing is imported but Node', () => {
    const foreign = core.flatMap(({ path, imports }) =>
      imports
        .filter(
          (specifier) => !isRelative(specifier) && !specifier.startsWith('node:') && OPTIONAL_PEERS[path] !== specifier,
        )
        .map((specifier) => `${path} imports ${specifier}: core has no dependencies`),
    );
    expect(foreign).toEqual([]);
  });

  test('every folder has a rank', () => {
    const folders = new Set(core.map(({ path }) => folderOf(path)).filter((folder) => folder !== undefined));
    expect([...folders].filter((folder) => !RANKS.includes(folder))).toEqual([]);
  });
});

describe('every package', () => {
  const all = readdirSync(packages);

  test.each(all)('%s has no file that imports itself through others, types included', (name) => {
    expect(cyclesOf(sourcesOf(name))).toEqual([]);
  });

  test('reads the clock, random numbers and the locale only in the files that are listed', () => {
    const found = all.flatMap((name) =>
      sourcesOf(name).map(
        ({ path, text }) => [`${name}/${path}`, [...new Set(codeOf(text).match(IMPURE))].sort()] as const,
      ),
    );
    expect(Object.fromEntries(found.filter(([, uses]) => uses.length > 0))).toEqual(IMPURE_FILES);
  });
});

describe('the packages beside core', () => {
  const others = readdirSync(packages).filter((name) => name !== 'core');

  test.each(others)('%s imports nothing of core but @memo/core/plugin', (name) => {
    const wrong = sourcesOf(name).flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('@memo/core') && specifier !== '@memo/core/plugin')
        .filter((specifier) => FURTHER_DOORS[name]?.includes(specifier) !== true)
        .map((specifier) => `${path} imports ${specifier}: what third parties need must be in @memo/core/plugin`),
    );
    expect(wrong).toEqual([]);
  });
});

function sourcesOf(name: string): Source[] {
  const root = join(packages, name, 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName) };
    });
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

function folderOf(path: string): string | undefined {
  return dirname(path) === '.' ? undefined : path.split('/')[0];
}

function rankOf(path: string): number {
  const folder = folderOf(path);
  return folder === undefined ? RANKS.length : RANKS.indexOf(folder);
}

/** The text without comments: what they talk about is not used. */
function codeOf(text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false, ts.LanguageVariant.Standard, text);
  let code = '';
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) {
      code += scanner.getTokenText();
    }
  }
  return code;
}

/** One cycle for each file that closes one, as `a.ts → b.ts → a.ts`. */
function cyclesOf(sources: readonly Source[]): string[] {
  const targets = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(isRelative).map((specifier) => posix.join(posix.dirname(path), specifier)),
    ]),
  );
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (finished.has(path) || trail.includes(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return cycles;
}
