import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonProperty, parseJson } from './json-form.ts';

const versions = new Map<string, string>();

/** The version of a package that this one depends on, as it is installed. */
export function dependencyVersion(name: string): string {
  const known = versions.get(name) ?? String(jsonProperty(manifestOf(name), 'version'));
  versions.set(name, known);
  return known;
}

/** Where Node looks for it; loading it costs ten times as much, and is left to the package managers that have no such directories. */
function manifestOf(name: string): unknown {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const found = manifestAt(join(at, 'node_modules', name, 'package.json'));
    if (found !== undefined) return found;
    if (at === dirname(at)) return createRequire(import.meta.url)(`${name}/package.json`);
  }
}

function manifestAt(path: string): unknown {
  // A file that cannot be read costs an error, which takes longer than a look.
  if (!existsSync(path)) return undefined;
  try {
    return parseJson(readFileSync(path))?.value;
  } catch {
    return undefined;
  }
}
