import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type DefinitionSite, placeOf } from './definition-site.ts';
import type { OpDefinition } from './op-definition.ts';

interface Package {
  readonly directory: string;
  readonly name: string;
}

const packages = new Map<string, Package | undefined>();

/** First part of an op's identity: declared, or the name of the nearest package.json above its definition; `''` where there is none. */
export function namespaceOf(op: Pick<OpDefinition, 'namespace' | 'site'>): string {
  if (op.namespace !== undefined) return op.namespace;
  const known = namespaces.get(op.site);
  if (known !== undefined) return known;
  const found = packageAbove(fileOf(op.site))?.name ?? '';
  namespaces.set(op.site, found);
  return found;
}

const namespaces = new WeakMap<DefinitionSite, string>();

/** `src/ops.ts:12`, relative to the nearest package.json, so that records name no machine. */
export function portableSite(site: DefinitionSite): string | undefined {
  const known = sites.get(site);
  if (known !== undefined) return known;
  const written = writeSite(site);
  if (written !== undefined) sites.set(site, written);
  return written;
}

const sites = new WeakMap<DefinitionSite, string>();

function writeSite(site: DefinitionSite): string | undefined {
  const frame = site.frames[0];
  if (frame === undefined) return undefined;
  const found = packageAbove(frame.file);
  const file = found === undefined ? frame.file.split(sep).slice(-2).join('/') : relative(found.directory, frame.file);
  return `${file.split(sep).join('/')}:${lineOf(site)}`;
}

/** As a runner's source maps say it, where they stay in the file; some runners change lines but not files. */
function lineOf(site: DefinitionSite): number {
  const mapped = placeOf(site);
  const frame = site.frames[0];
  return (mapped?.file === frame?.file ? mapped?.line : undefined) ?? frame?.line ?? 1;
}

function fileOf(site: DefinitionSite): string | undefined {
  return site.frames[0]?.file;
}

function packageAbove(file: string | undefined): Package | undefined {
  if (file === undefined) return undefined;
  const directory = dirname(file);
  if (directory === file) return undefined;
  if (packages.has(directory)) return packages.get(directory);
  const found = readPackage(directory) ?? packageAbove(directory);
  packages.set(directory, found);
  return found;
}

/** A package.json without a name (only `"type": "module"`) is passed by, as npm does. */
function readPackage(directory: string): Package | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { name } = JSON.parse(text) as { readonly name?: unknown };
    return typeof name === 'string' && name !== '' ? { directory, name } : undefined;
  } catch {
    return undefined;
  }
}
