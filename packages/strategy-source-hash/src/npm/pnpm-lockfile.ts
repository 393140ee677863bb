import type { LockedGraph, LockedImport, LockedPackage } from './locked-graph.ts';
import { mapIn, parseLockfileYaml, textIn, type YamlMap } from './lockfile-yaml.ts';

const DEPENDENCY_FIELDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** A `pnpm-lock.yaml` of format 5.3 to 9; `undefined` when it is none. */
export function parsePnpmLockfile(text: string): LockedGraph | undefined {
  const lockfile = parseLockfileYaml(text);
  const format = /^(\d+)/.exec(textIn(lockfile, 'lockfileVersion') ?? '')?.[1];
  if (lockfile === undefined || format === undefined || Number(format) < 5) return undefined;
  return new PnpmLockfile(lockfile, Number(format));
}

class PnpmLockfile implements LockedGraph {
  readonly #lockfile: YamlMap;
  readonly #format: number;
  readonly #packages: YamlMap | undefined;
  readonly #snapshots: YamlMap | undefined;

  constructor(lockfile: YamlMap, format: number) {
    this.#lockfile = lockfile;
    this.#format = format;
    this.#packages = mapIn(lockfile, 'packages');
    this.#snapshots = format >= 9 ? mapIn(lockfile, 'snapshots') : this.#packages;
  }

  find({ importer, name }: LockedImport): string | undefined {
    const importers = mapIn(this.#lockfile, 'importers');
    const own = importers === undefined && importer === '' ? this.#lockfile : mapIn(importers, importer || '.');
    for (const field of DEPENDENCY_FIELDS) {
      const entry = mapIn(own, field)?.get(name);
      const version = entry instanceof Map ? textIn(entry, 'version') : entry;
      if (typeof version === 'string') return this.#keyOf(name, version);
    }
    return undefined;
  }

  package(key: string): LockedPackage | undefined {
    const snapshot = mapIn(this.#snapshots, key);
    // An entry without dependencies is written as `{}`, in formats before 9 as its resolution alone.
    const { name, version, suffix } = partsOf(key, this.#format);
    const origin = mapIn(this.#packages, this.#format >= 9 ? `${name}@${version}` : key);
    if (snapshot === undefined || name === '') return undefined;
    return {
      name: textIn(origin, 'name') ?? name,
      version: textIn(origin, 'version') ?? version,
      patch: /patch_hash=[^)_/]*/.exec(suffix)?.[0] ?? '',
      isPublished: origin !== undefined && isFromRegistry(mapIn(origin, 'resolution'), version),
      dependencies: this.#dependenciesOf(snapshot),
    };
  }

  #dependenciesOf(snapshot: YamlMap): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const field of ['dependencies', 'optionalDependencies']) {
      for (const [name, version] of mapIn(snapshot, field) ?? []) {
        if (typeof version === 'string') found.set(name, this.#keyOf(name, version));
      }
    }
    return found;
  }

  /** `1.0.0(peer@2.0.0)` under the name `dep`, or `real@1.0.0` where `dep` is an alias. */
  #keyOf(name: string, version: string): string {
    if (this.#format >= 9) return /^@?[^@(]+@/.test(version) ? version : `${name}@${version}`;
    if (version.startsWith('/')) return version;
    return this.#format >= 6 ? `/${name}@${version}` : `/${name}/${version}`;
  }
}

interface KeyParts {
  readonly name: string;
  readonly version: string;
  /** Peers and patch. */
  readonly suffix: string;
}

function partsOf(key: string, format: number): KeyParts {
  const path = key.startsWith('/') ? key.slice(1) : key;
  const found =
    format >= 6 ? /^(@?[^@(]+)@([^(]*)(.*)$/s.exec(path) : /^((?:@[^/]+\/)?[^/]+)\/([^_/]*)(.*)$/s.exec(path);
  const [, name = '', version = '', suffix = ''] = found ?? [];
  return { name, version, suffix };
}

/** A version number is the registry's; a repository, directory or tarball has an address in its place. */
function isFromRegistry(resolution: YamlMap | undefined, version: string): boolean {
  return /^\d+\.\d+\.\d+/.test(version) && resolution?.has('integrity') === true && !resolution.has('directory');
}
