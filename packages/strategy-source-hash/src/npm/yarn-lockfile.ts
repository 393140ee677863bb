import { UNPUBLISHED_RANGE } from '../installed-packages.ts';
import type { LockedGraph, LockedImport, LockedPackage } from './locked-graph.ts';
import { mapIn, parseLockfileYaml, textIn, type YamlMap, type YamlValue } from './lockfile-yaml.ts';

/**
 * A `yarn.lock` of Yarn 1 or of later ones; `undefined` when it is none. Neither says which package satisfies a peer dependency.
 */
export function parseYarnLockfile(text: string): LockedGraph | undefined {
  const isClassic = /^# yarn lockfile v1$/m.test(text);
  const lockfile = parseLockfileYaml(isClassic ? asYaml(text) : text);
  if (lockfile === undefined || (!isClassic && !lockfile.has('__metadata'))) return undefined;
  return new YarnLockfile(lockfile);
}

/** Yarn 1 leaves out the colon between key and value. */
function asYaml(text: string): string {
  const pair = /^( +)("(?:[^"\\]|\\.)*"|[^\s":]+) (?=\S)/;
  const withColons = text.split(/\r?\n/).map((line) => line.replace(pair, '$1$2: '));
  // A heading is a list of descriptors, of which some are quoted: one key with quotes inside.
  return withColons.map((line) => (/^[^\s#].*:$/.test(line) ? headingOf(line) : line)).join('\n');
}

function headingOf(line: string): string {
  return `${JSON.stringify(line.slice(0, -1).replaceAll('"', ''))}:`;
}

class YarnLockfile implements LockedGraph {
  readonly #entries = new Map<string, YamlMap>();
  /** `name@range` → key. */
  readonly #keys = new Map<string, string>();
  /** Keys by package name. */
  readonly #named = new Map<string, string[]>();

  constructor(lockfile: YamlMap) {
    for (const [key, entry] of lockfile) if (key !== '__metadata') this.#add(key, entry);
  }

  #add(key: string, entry: YamlValue): void {
    if (!(entry instanceof Map)) return;
    this.#entries.set(key, entry);
    const descriptors = key.split(/,\s*/);
    for (const descriptor of descriptors) this.#keys.set(descriptor, key);
    const name = nameOf(descriptors[0] ?? '');
    this.#named.set(name, [...(this.#named.get(name) ?? []), key]);
  }

  find({ name, range }: LockedImport): string | undefined {
    if (range === undefined || UNPUBLISHED_RANGE.test(range)) return undefined;
    const key = this.#keys.get(`${name}@${range}`) ?? this.#keys.get(`${name}@npm:${range}`);
    if (key !== undefined) return key;
    // The field `resolutions` replaces ranges: with one entry of the name there is no doubt.
    const [only, ...others] = this.#named.get(name) ?? [];
    return others.length === 0 ? only : undefined;
  }

  package(key: string): LockedPackage | undefined {
    const entry = this.#entries.get(key);
    const version = textIn(entry, 'version');
    if (entry === undefined || version === undefined) return undefined;
    const resolution = textIn(entry, 'resolution');
    const patch = /[:&]hash=([^&]*)/.exec(resolution ?? '')?.[1];
    const ranges = [...(mapIn(entry, 'dependencies') ?? []), ...(mapIn(entry, 'optionalDependencies') ?? [])];
    return {
      name: nameOf(resolution ?? realName(key)),
      version,
      patch: patch === undefined ? '' : `patch_hash=${patch}`,
      isPublished: isFromRegistry(key, resolution),
      dependencies: new Map(ranges.map(([name, range]) => [name, this.#dependency(name, range)])),
    };
  }

  #dependency(name: string, range: YamlValue): string | undefined {
    return typeof range === 'string' ? this.find({ importer: '', name, range }) : undefined;
  }
}

/** `dep` of `dep@^1.0.0`, `@scope/dep` of `@scope/dep@npm:1.0.0`. */
function nameOf(descriptor: string): string {
  return descriptor.slice(0, Math.max(descriptor.indexOf('@', 1), 0));
}

/** Yarn 1 writes an alias as `dep@npm:real@^1.0.0`. */
function realName(key: string): string {
  return /@npm:(@?[^@,]+@[^,]*)/.exec(key)?.[1] ?? key;
}

function isFromRegistry(key: string, resolution: string | undefined): boolean {
  if (resolution === undefined) return !key.split(/,\s*/).some((item) => UNPUBLISHED_RANGE.test(rangeOf(item)));
  const reference = rangeOf(resolution);
  return reference.startsWith('npm:') || (reference.startsWith('patch:') && /[:&]hash=/.test(reference));
}

function rangeOf(descriptor: string): string {
  return descriptor.slice(descriptor.indexOf('@', 1) + 1);
}
