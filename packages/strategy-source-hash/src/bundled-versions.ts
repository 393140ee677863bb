import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundledVersions,
  type CodeVersion,
  MemoError,
  type OpVersionContext,
  type ResourceVersionContext,
} from '@memo/core/plugin';
import { ALGORITHM } from './algorithm.ts';
import { isBundledFile } from './bundle-marks.ts';
import { jsonProperty, parseJson } from './json-form.ts';

type Context = OpVersionContext | ResourceVersionContext;

/** The file that a bundled program takes its versions from; it lies beside the bundle, or in a directory above. */
export const VERSIONS_FILE = 'memo.versions.json';

/**
 * What {@link VERSIONS_FILE} holds for definitions and the versions that they have.
 *
 * @throws MemoError M4009 for two definitions of one name whose versions differ.
 */
export function bundledVersionsOf(contexts: readonly Context[], found: readonly CodeVersion[]): BundledVersions {
  const versions: { [key: string]: Pick<CodeVersion, 'version' | 'certainty'> } = {};
  for (const [index, { version, certainty = 'exact' }] of found.entries()) {
    const key = keyOf(contexts[index] as Context);
    if (versions[key] !== undefined && versions[key].version !== version) throw twoVersions(key);
    versions[key] = { version, certainty };
  }
  return { algorithm: ALGORITHM, versions };
}

function twoVersions(name: string): MemoError {
  return new MemoError('M4009', `There are two definitions of ${name}, and a bundle cannot tell them apart`, {
    fix: `give them different names, or declare a version: '1' on each`,
    details: { name },
  });
}

/**
 * The version of a definition in a bundle, from {@link VERSIONS_FILE}; `undefined` for definitions in files that count as
 * sources.
 *
 * @throws MemoError M4009 for a bundle without such a file, or with one that does not have the definition.
 */
export function bundledVersion(context: Context, file: string | undefined): CodeVersion | undefined {
  if (file === undefined || !isBundle(file)) return undefined;
  const path = versionsFileAbove(dirname(file));
  const entry = path === undefined ? undefined : entryIn(path, keyOf(context));
  if (entry !== undefined) return entry;
  const name = `${context.kind} ${context.name}`;
  throw new MemoError('M4009', `${name} is in a bundle, and its sources are not there`, {
    because:
      path === undefined
        ? `there is no ${VERSIONS_FILE} beside ${file} or above`
        : `${path} does not say its version, or was made by another release`,
    fix: `write ${VERSIONS_FILE} when the bundle is built, with memo hash or versionsForBundle(), or declare a version: '1'`,
    place: { file },
    details: { name },
  });
}

const known = new Map<string, boolean>();

/** True for a file that was made of several sources. */
function isBundle(file: string): boolean {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found = ownsNoPackage() || isBundledFile(file);
  known.set(file, found);
  return found;
}

/** True when this code itself was moved into another file. */
function ownsNoPackage(): boolean {
  const path = fileURLToPath(new URL('../package.json', import.meta.url));
  return !existsSync(path) || jsonProperty(readJson(path), 'name') !== '@memo/strategy-source-hash';
}

function versionsFileAbove(directory: string): string | undefined {
  const path = join(directory, VERSIONS_FILE);
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? undefined : versionsFileAbove(parent);
}

function entryIn(path: string, key: string): CodeVersion | undefined {
  const file = readJson(path);
  if (jsonProperty(file, 'algorithm') !== ALGORITHM) return undefined;
  const entry = jsonProperty(jsonProperty(file, 'versions'), key);
  const version = jsonProperty(entry, 'version');
  const certainty = jsonProperty(entry, 'certainty');
  if (typeof version !== 'string' || !/^sh\d+-[0-9a-f]{64}$/.test(version)) return undefined;
  if (certainty !== 'exact' && certainty !== 'assumed' && certainty !== 'untrackable') return undefined;
  return { version, certainty };
}

function readJson(path: string): unknown {
  return parseJson(readFileSync(path))?.value;
}

function keyOf(context: Context): string {
  return context.kind === 'op' ? `op ${context.namespace}/${context.name}` : `resource ${context.name}`;
}
