import type { CodeChange, Json } from '@memo/core/plugin';
import { byCodeUnits } from './digest.ts';
import { jsonProperty } from './json-form.ts';

/** What a version is made of, as it is stored. Paths are relative to the package that defines the op. */
export interface SourceHashManifest {
  readonly algorithm: string;
  readonly node: string;
  /** Path → digest, for files that are parsed and JSON modules. */
  readonly files: Readonly<Record<string, string>>;
  /** Path → digest, for files that count by their bytes. */
  readonly assets: Readonly<Record<string, string>>;
  /** Name → versions, for installed packages. */
  readonly packages: Readonly<Record<string, string>>;
  /** Environment variables that the code reads; `*` for names that are computed. Their values are no part of the version. */
  readonly env: readonly string[];
  /** Kinds of what the version cannot see. */
  readonly uncertain: readonly string[];
  /** Set when the function in memory was not found in the files, and counts by itself. */
  readonly function?: string;
}

const PARTS = [
  ['files', 'file'],
  ['assets', 'asset'],
  ['packages', 'package'],
] as const;

/** What differs between two manifests, code first. Takes anything: parts that are missing or malformed count as empty. */
export function diffManifests(before: Json, after: Json): readonly CodeChange[] {
  return [
    ...PARTS.flatMap(([part, what]) => diffRecords(what, recordOf(before, part), recordOf(after, part))),
    ...diffText('function', before, after),
    ...diffText('algorithm', before, after),
    ...diffText('node', before, after),
    ...diffRecords('env', namesOf(before, 'env'), namesOf(after, 'env')),
  ];
}

function diffRecords(what: string, before: Map<string, string>, after: Map<string, string>): readonly CodeChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(byCodeUnits);
  return names.flatMap((name) => change(what, name, [before.get(name), after.get(name)]));
}

function diffText(what: 'function' | 'algorithm' | 'node', before: Json, after: Json): readonly CodeChange[] {
  return change(what, what, [textOf(before, what), textOf(after, what)]);
}

function change(
  what: string,
  name: string,
  [before, after]: readonly [string | undefined, string | undefined],
): readonly CodeChange[] {
  if (before === after) return [];
  const how = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [{ what, name, how, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function recordOf(manifest: Json, part: string): Map<string, string> {
  const record = jsonProperty(manifest, part);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return new Map();
  return new Map(Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function namesOf(manifest: Json, part: string): Map<string, string> {
  const names = jsonProperty(manifest, part);
  return new Map(
    Array.isArray(names) ? names.filter((name) => typeof name === 'string').map((name) => [name, 'read']) : [],
  );
}

function textOf(manifest: Json, part: string): string | undefined {
  const text = jsonProperty(manifest, part);
  return typeof text === 'string' ? text : undefined;
}
