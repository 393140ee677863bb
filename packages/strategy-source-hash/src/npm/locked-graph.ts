import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import { edgeLine, isFramework, packageLabel } from '../installed-packages.ts';

/** One package of a lockfile. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** What was changed in it after it was published; empty for nothing. */
  readonly patch: string;
  /** False when name, version and patch do not determine its files: directories, repositories, tarballs. */
  readonly isPublished: boolean;
  /** Name by which it imports → key of what it gets; no key where nothing is locked under that name. */
  readonly dependencies: ReadonlyMap<string, string | undefined>;
}

/** Who imports a package, and by which name. */
export interface LockedImport {
  /** Directory of the importing package relative to the lockfile, with slashes; empty for the same. */
  readonly importer: string;
  readonly name: string;
  /** What the importing package asks for; `undefined` when it does not mention the name. */
  readonly range: string | undefined;
}

/** The packages of a lockfile and what each is given for its dependencies. */
export interface LockedGraph {
  find(wanted: LockedImport): string | undefined;
  package(key: string): LockedPackage | undefined;
}

/** A package of a lockfile with everything that it reaches. */
export interface LockedTree {
  readonly digest: Digest;
  /** `name@version`, with `+patch_hash=…` for patched ones. */
  readonly packages: readonly string[];
}

/**
 * The tree below a package, in a form that does not depend on the kind of lockfile, its layout, or anything in it that the package
 * cannot reach: the one that installed trees have too. `undefined` when the lockfile has no such package, or does not determine the files of one in the tree.
 */
export function lockedTree(graph: LockedGraph, root: string): LockedTree | undefined {
  const numbers = new Map([[root, 0]]);
  const lines: string[] = [];
  const packages: string[] = [];
  for (const [key] of numbers) {
    const found = graph.package(key);
    if (found?.isPublished !== true) return undefined;
    packages.push(labelOf(found));
    lines.push(labelOf(found), ...edgesOf(found, numbers), '');
  }
  return { digest: digestList(lines), packages };
}

function edgesOf({ dependencies }: LockedPackage, numbers: Map<string, number>): string[] {
  const names = [...dependencies.keys()].filter((name) => !isFramework(name)).sort(byCodeUnits);
  return names.flatMap((name) => {
    const key = dependencies.get(name);
    if (key === undefined) return [];
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return [edgeLine(name, number, '')];
  });
}

function labelOf({ name, version, patch }: LockedPackage): string {
  return packageLabel(name, version, patch);
}
