import type { Uncertainty } from '@memo/core/plugin';
import { byCodeUnits, type Digest, digestList } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import { asksMachine } from './machine-values.ts';
import type { ManifestSymbol, SourceHashManifest } from './manifest.ts';
import { RelativePaths } from './relative-path.ts';
import type { Part, Target, UnitPart } from './slice/part.ts';
import type { Slice } from './slice/slice.ts';
import { viaOf } from './slice/slice-reader.ts';
import type { UnitTexts } from './unit-texts.ts';

interface ManifestParts {
  readonly algorithm: string;
  readonly node: string;
  /** The directory that paths are relative to. */
  readonly base: string;
  readonly uncertain: readonly Uncertainty[];
  readonly env: readonly string[];
  /** Files that count beside the code. */
  readonly included: readonly GraphNode[];
  /** `name@version` of the packages that do. */
  readonly packages: readonly string[];
  /** The declarations that the version rests on. */
  readonly declared: readonly string[];
  /** Where the texts of the symbols are kept, if they are. */
  readonly texts: UnitTexts | undefined;
}

/** Digits of a digest that a manifest keeps: enough to tell two contents of one symbol apart. */
const SHORT_DIGEST = 16;

/** Digits of a digest of what a symbol refers to, which is asked for where nothing else has changed. */
const SHORTER_DIGEST = 8;

/** Symbols that a manifest names, the nearest ones; a slice may have any number. */
const MOST_SYMBOLS = 300;

/** What a manifest takes from the slice itself. */
export type SlicedParts = Pick<
  SourceHashManifest,
  'files' | 'rest' | 'assets' | 'packages' | 'order' | 'settings' | 'whole'
>;

/** The manifest of a slice. */
export function definitionManifest(slice: Slice, parts: ManifestParts): SourceHashManifest {
  const unseen = parts.uncertain.filter((one) => !one.kind.startsWith('env:') && !asksMachine(one));
  const kinds = new Set(unseen.map(({ kind }) => kind));
  const { algorithm, node, env, declared } = parts;
  return lazyManifest(
    { algorithm, node, env, uncertain: [...kinds].sort(byCodeUnits), ...(declared.length > 0 && { declared }) },
    () => slicedParts(slice, parts),
  );
}

/**
 * A manifest whose long lists are made when they are first asked for: most versions are those of earlier runs, whose manifests are
 * stored.
 */
export function lazyManifest(
  said: Omit<SourceHashManifest, keyof SlicedParts>,
  make: () => SlicedParts,
): SourceHashManifest {
  let made: SlicedParts | undefined;
  const sliced = (): SlicedParts => {
    made ??= make();
    return made;
  };
  const { algorithm, node, env, uncertain, declared, function: loaded } = said;
  const manifest: SourceHashManifest = {
    algorithm,
    node,
    get files() {
      return sliced().files;
    },
    get rest() {
      return sliced().rest;
    },
    get assets() {
      return sliced().assets;
    },
    get packages() {
      return sliced().packages;
    },
    get order() {
      return sliced().order;
    },
    get settings() {
      return sliced().settings;
    },
    get whole() {
      return sliced().whole;
    },
    env,
    uncertain,
  };
  if (declared !== undefined) Object.assign(manifest, { declared });
  if (loaded !== undefined) Object.assign(manifest, { function: loaded });
  return manifest;
}

function slicedParts(slice: Slice, { base, included, packages: labels, texts }: ManifestParts): SlicedParts {
  const names = new Map<unknown, string>();
  const files: Record<string, Record<string, ManifestSymbol>> = {};
  const packages = new Set<string>(labels);
  const paths = RelativePaths.from(base);
  const assets = new Map<string, string>(included.map((file) => asset(file, paths)));
  const rest: string[] = [];
  const settings = new Set<Digest>();
  for (const [at, part] of slice.parts.entries()) {
    if (part.kind === 'leaf') {
      for (const label of part.tree?.packages ?? []) packages.add(label);
      if (part.file !== undefined) assets.set(...asset(part.file, paths));
    } else if (part.kind === 'unit' && names.size === MOST_SYMBOLS) rest.push(part.unit.own);
    else if (part.kind === 'unit') {
      const path = paths.to(part.file.path);
      const symbols = files[path] ?? {};
      const name = freeName(part.unit.name, symbols);
      const digest = part.unit.own.slice(0, SHORT_DIGEST);
      symbols[name] = { digest, via: viaOf(slice, at), leads: leadsOf(slice.table.edgesOf(part)) };
      settings.add(part.file.setting);
      texts?.keep(digest, textOf(part));
      files[path] = symbols;
      names.set(part, `${path}#${name}`);
    }
  }
  return {
    files,
    rest: rest.length > 0 ? digestList(rest).slice(0, SHORT_DIGEST) : undefined,
    assets: Object.fromEntries(sorted(assets)),
    packages: packageVersions(packages),
    order: slice.order.flatMap((part) => names.get(part) ?? []),
    settings: digestList([...settings].sort(byCodeUnits)).slice(0, SHORTER_DIGEST),
    whole: slice.digest.slice(0, SHORTER_DIGEST),
  };
}

/** By names: where these are declared is said by the symbols that there are, and what a package or file is by its version or digest. */
function leadsOf(references: readonly (readonly Target[])[]): string {
  const names = references.map((targets) => targets.map(({ part, bind }) => `${nameOf(part)} ${bind}`).join(', '));
  return digestList(names).slice(0, SHORTER_DIGEST);
}

function nameOf(part: Part): string {
  if (part.kind === 'unit') return part.unit.name;
  if (part.kind === 'namespace') return '*';
  return part.file === undefined ? (part.token.split(' ').at(-1) ?? '') : '';
}

/** With the rest of its first and last lines: `export const` before a declaration, for example. */
function textOf({ file, unit }: UnitPart): string {
  const text = file.facts?.text ?? '';
  const end = text.indexOf('\n', unit.end);
  return text.slice(text.lastIndexOf('\n', unit.start) + 1, end === -1 ? text.length : end);
}

function asset(file: GraphNode, paths: RelativePaths): [string, string] {
  return [paths.to(file.path), file.digest.slice(0, SHORT_DIGEST)];
}

/** `<effect>`, `<effect 2>` … */
function freeName(name: string, taken: object): string {
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? name : name.replace(/>?$/, (end) => ` ${number}${end}`);
    if (!Object.hasOwn(taken, numbered)) return numbered;
  }
}

function sorted(entries: ReadonlyMap<string, string>): readonly [string, string][] {
  return [...entries].sort(([left], [right]) => byCodeUnits(left, right));
}

/** `dep@1.0.0` and `dep@2.0.0` become `dep: 1.0.0, 2.0.0`. */
export function packageVersions(packages: ReadonlySet<string>): Record<string, string> {
  const versions = new Map<string, string[]>();
  for (const label of [...packages].sort(byCodeUnits)) {
    const at = label.indexOf('@', 1);
    const name = label.slice(0, at);
    versions.set(name, [...(versions.get(name) ?? []), label.slice(at + 1)]);
  }
  return Object.fromEntries([...versions].map(([name, list]) => [name, list.join(', ')]));
}
