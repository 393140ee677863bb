import type { CodeChange, Json } from '@memo/core/plugin';
import { byCodeUnits } from './digest.ts';
import { jsonProperty } from './json-form.ts';

/** A symbol in a manifest. */
export interface ManifestSymbol {
  /** What its own text is; 16 digits. */
  readonly digest: string;
  /** The names through which the op reaches it, outermost first, itself last. */
  readonly via: readonly string[];
  /** Digest of the names of what it refers to; 8 digits. Absent in manifests of earlier releases. */
  readonly leads?: string;
}

/** What a version is made of, as it is stored. Paths are relative to the package that defines the op. */
export interface SourceHashManifest {
  readonly algorithm: string;
  readonly node: string;
  /** Path → name → symbol, for source files. */
  readonly files: Readonly<Record<string, Readonly<Record<string, ManifestSymbol>>>>;
  /** Digest of the symbols beyond the nearest 300, where there are more. */
  readonly rest?: string | undefined;
  /** Path → digest, for files that count by their content. */
  readonly assets: Readonly<Record<string, string>>;
  /** Name → versions, for installed packages. */
  readonly packages: Readonly<Record<string, string>>;
  /** Symbols whose order of evaluation counts, in that order. */
  readonly order: readonly string[];
  /** Digest of the compiler options and types of packages that its files have; 8 digits. Absent in manifests of earlier releases. */
  readonly settings?: string | undefined;
  /** Digest of all that the code says; 8 digits. Absent in manifests of earlier releases. */
  readonly whole?: string | undefined;
  /** Environment variables that the code reads; `*` for names that are computed. */
  readonly env: readonly string[];
  /** What the code asks of the machine as it is loaded, and what that answers; absent when it asks nothing. */
  readonly machine?: Readonly<Record<string, string>>;
  /** Kinds of what the version cannot see. */
  readonly uncertain: readonly string[];
  /** Declarations that the version rests on, such as `exclude src/log.ts#log`; absent when there are none. */
  readonly declared?: readonly string[];
  /** Set when the function in memory was not found in the files, and counts by itself. */
  readonly function?: string;
}

/** The source text behind the digest of a symbol, where it is known. */
type TextOf = (digest: string) => string | undefined;

/**
 * What differs between two manifests, code first, with the texts of symbols that changed where both are known. Takes anything: parts
 * that are missing or malformed count as empty.
 */
export function diffManifests(before: Json, after: Json, textOf: TextOf = () => undefined): readonly CodeChange[] {
  const changes = [
    ...diffSymbols(symbolsOf(before), symbolsOf(after), textOf),
    ...diffRecords('asset', recordOf(before, 'assets'), recordOf(after, 'assets')),
    ...diffRecords('package', recordOf(before, 'packages'), recordOf(after, 'packages')),
    ...diffText('rest', before, after),
    ...diffText('function', before, after),
    ...diffText('algorithm', before, after),
    ...diffText('node', before, after),
    ...diffRecords('machine', recordOf(before, 'machine'), recordOf(after, 'machine')),
    ...diffRecords('env', namesOf(before, 'env'), namesOf(after, 'env')),
    ...diffRecords('declaration', namesOf(before, 'declared'), namesOf(after, 'declared')),
  ];
  if (changes.length > 0) return changes;
  const unlike = [
    ...diffLeads(symbolsOf(before), symbolsOf(after)),
    ...diffKnown('settings', 'compiler options, or the type of a package', [before, after]),
  ];
  if (unlike.length > 0) return unlike;
  const order = diffOrder(before, after);
  return order.length > 0 ? order : diffKnown('whole', 'how modules are loaded', [before, after]);
}

/** Symbols that refer to the same things as before, and to each of them elsewhere in their code. */
function diffLeads(
  before: ReadonlyMap<string, ManifestSymbol>,
  after: ReadonlyMap<string, ManifestSymbol>,
): readonly CodeChange[] {
  return [...after].flatMap(([name, symbol]) => {
    const leads = before.get(name)?.leads;
    return leads === undefined || symbol.leads === undefined || leads === symbol.leads
      ? []
      : [symbolChange(name, 'changed', symbol)];
  });
}

/** What only manifests of newer releases say. */
function diffKnown(
  what: 'settings' | 'whole',
  name: string,
  [before, after]: readonly [Json, Json],
): readonly CodeChange[] {
  const [earlier, later] = [textOf(before, what), textOf(after, what)];
  if (earlier === undefined || later === undefined || earlier === later) return [];
  return [{ what: what === 'whole' ? 'order' : what, name, how: 'changed' }];
}

/** Symbols that changed first, then those that are new, then those that are gone. */
function diffSymbols(
  before: ReadonlyMap<string, ManifestSymbol>,
  after: ReadonlyMap<string, ManifestSymbol>,
  textOf: TextOf,
): readonly CodeChange[] {
  const changed = [...after].flatMap(([name, symbol]) => {
    const earlier = before.get(name);
    if (earlier?.digest === symbol.digest) return [];
    if (earlier === undefined) return [symbolChange(name, 'added', symbol)];
    return [{ ...symbolChange(name, 'changed', symbol), ...texts(textOf(earlier.digest), textOf(symbol.digest)) }];
  });
  const removed = [...before].flatMap(([name, symbol]) =>
    after.has(name) ? [] : [symbolChange(name, 'removed', symbol)],
  );
  return [
    ...changed.filter(({ how }) => how === 'changed'),
    ...changed.filter(({ how }) => how === 'added'),
    ...removed,
  ];
}

/** Equal texts may mean different things, by what else their file says: then they tell nothing. */
function texts(before: string | undefined, after: string | undefined): Pick<CodeChange, 'before' | 'after'> {
  return before === undefined || after === undefined || before === after ? {} : { before, after };
}

function symbolChange(name: string, how: CodeChange['how'], { via }: ManifestSymbol): CodeChange {
  return { what: 'symbol', name, how, ...(via.length > 1 && { via }) };
}

/** The same parts may behave differently when they are evaluated in another order. */
function diffOrder(before: Json, after: Json): readonly CodeChange[] {
  const [earlier, later] = [listOf(before, 'order'), listOf(after, 'order')].map((list) => list.join(' > '));
  return earlier === later ? [] : [{ what: 'order', name: 'evaluation order', how: 'changed' }];
}

function diffRecords(what: string, before: Map<string, string>, after: Map<string, string>): readonly CodeChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(byCodeUnits);
  return names.flatMap((name) => change(what, name, [before.get(name), after.get(name)]));
}

function diffText(what: 'rest' | 'function' | 'algorithm' | 'node', before: Json, after: Json): readonly CodeChange[] {
  return change(what, what === 'rest' ? 'symbols further away' : what, [textOf(before, what), textOf(after, what)]);
}

function change(
  what: string,
  name: string,
  [before, after]: readonly [string | undefined, string | undefined],
): readonly CodeChange[] {
  if (before === after) return [];
  const how = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const isTelling = what !== 'asset' && what !== 'function' && what !== 'rest' && what !== 'declaration';
  const values = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  return [{ what, name, how, ...(isTelling && values) }];
}

/** `path#name` → symbol. Files of older releases, which counted as a whole, are symbols themselves. */
function symbolsOf(manifest: Json): ReadonlyMap<string, ManifestSymbol> {
  const files = jsonProperty(manifest, 'files');
  const symbols = new Map<string, ManifestSymbol>();
  for (const [path, names] of entriesOf(files)) {
    if (typeof names === 'string') symbols.set(path, { digest: names, via: [] });
    for (const [name, symbol] of entriesOf(names)) {
      const digest = jsonProperty(symbol, 'digest');
      const leads = jsonProperty(symbol, 'leads');
      if (typeof digest !== 'string') continue;
      const known = typeof leads === 'string' ? { leads } : {};
      symbols.set(`${path}#${name}`, { digest, via: listOf(symbol, 'via'), ...known });
    }
  }
  return symbols;
}

function entriesOf(record: unknown): readonly [string, unknown][] {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.entries(record) : [];
}

function recordOf(manifest: Json, part: string): Map<string, string> {
  const entries = entriesOf(jsonProperty(manifest, part));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function namesOf(manifest: Json, part: string): Map<string, string> {
  return new Map(listOf(manifest, part).map((name) => [name, 'read']));
}

function listOf(value: unknown, part: string): readonly string[] {
  const list = jsonProperty(value, part);
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}

function textOf(manifest: Json, part: string): string | undefined {
  const text = jsonProperty(manifest, part);
  return typeof text === 'string' ? text : undefined;
}
