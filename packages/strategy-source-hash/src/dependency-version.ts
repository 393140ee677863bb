import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonProperty, parseJson } from './json-form.ts';
import { lookOf } from './source-files.ts';

const versions = new Map<string, string>();

/** The version of a package that this one depends on, as it is installed. */
export function dependencyVersion(name: string): string {
  const known = versions.get(name) ?? String(jsonProperty(manifestOf(name), 'version'));
  versions.set(name, known);
  return known;
}

/** Another text whenever another version of it is installed, and for less than what a look into its package.json takes. */
export function dependencyLook(name: string): string {
  return installedIn(name, (path) => lookAt(path)) ?? dependencyVersion(name);
}

/** Where Node looks for it; loading it costs ten times as much, and is left to the package managers that have no such directories. */
function manifestOf(name: string): unknown {
  return installedIn(name, (path) => manifestAt(path)) ?? createRequire(import.meta.url)(`${name}/package.json`);
}

function installedIn<T>(name: string, find: (manifest: string) => T | undefined): T | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const found = find(join(at, 'node_modules', name, 'package.json'));
    if (found !== undefined || at === dirname(at)) return found;
  }
}

function lookAt(path: string): string | undefined {
  // A file that cannot be read costs an error, which takes longer than a look.
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && lookOf(stats);
}

function manifestAt(path: string): unknown {
  if (lookAt(path) === undefined) return undefined;
  try {
    return parseJson(readFileSync(path))?.value;
  } catch {
    return undefined;
  }
}
