import { dirname, join, resolve } from 'node:path';
import type { Uncertainty } from '@memo/core/plugin';
import type { ClosureReader } from './closure.ts';
import { PACKAGE } from './code-pattern.ts';
import { absentInclude, uncertaintiesOf } from './definition-notes.ts';
import { type Digest, digestList } from './digest.ts';
import { isGlob } from './glob.ts';
import type { GraphNode } from './graph-node.ts';
import type { PackageJson } from './package-json.ts';
import { relativePath } from './relative-path.ts';

/** What the entries of `include` add to a version. */
export interface Included {
  /** One or more lines for each entry. */
  readonly forms: readonly string[];
  readonly nodes: readonly GraphNode[];
  /** `name@version`. */
  readonly packages: readonly string[];
  readonly uncertain: readonly Uncertainty[];
  readonly edited: readonly string[];
}

/** Reads what is included: paths, globs and packages as they are found from `base`. */
export function readIncluded(entries: readonly string[], base: string, reader: ClosureReader): Included {
  const parts = entries.map((entry) => {
    if (entry.startsWith(PACKAGE)) return includedPackage(entry.slice(PACKAGE.length), base, reader);
    return isGlob(entry) ? includedGlob(entry, base, reader) : includedPath(resolve(base, entry), base, reader);
  });
  return {
    forms: parts.flatMap(({ forms }) => forms),
    nodes: [...new Set(parts.flatMap(({ nodes }) => nodes))],
    packages: parts.flatMap(({ packages }) => packages),
    uncertain: parts.flatMap(({ uncertain }) => uncertain),
    edited: parts.flatMap(({ edited }) => edited),
  };
}

function includedPath(path: string, base: string, reader: ClosureReader): Included {
  const closure = reader.of(path);
  if (closure === undefined) return absent(`include ${relativePath(base, path)} absent`, path);
  // What is included is for ops to read, whenever they do.
  reader.distrustEdited(closure.edited);
  return {
    forms: [`include ${relativePath(base, path)} ${closure.digest}`],
    nodes: closure.nodes,
    packages: [],
    uncertain: uncertaintiesOf(closure.findings),
    edited: closure.edited,
  };
}

function includedGlob(glob: string, base: string, reader: ClosureReader): Included {
  const files = reader.globs.matching(base, glob);
  const path = resolve(base, glob);
  // Files that are gone were there when something could read them.
  const changed = reader.globs.hasMatchedOthers(base, glob) ? [path] : [];
  if (files.length === 0) return { ...absent(`include ${glob} absent`, path), edited: changed };
  const parts = files.map((file) => includedPath(file, base, reader));
  return {
    forms: [`include ${glob}`, ...parts.flatMap(({ forms }) => forms)],
    nodes: parts.flatMap(({ nodes }) => nodes),
    packages: [],
    uncertain: parts.flatMap(({ uncertain }) => uncertain),
    edited: [...parts.flatMap(({ edited }) => edited), ...changed],
  };
}

/** An installed package counts by its versions; one that is linked into the project by its files. */
function includedPackage(name: string, base: string, reader: ClosureReader): Included {
  const { manifests, packages } = reader.graph;
  const found = packageAbove(name, base, reader);
  if (found === undefined) return absent(`include ${PACKAGE}${name} absent`, `${PACKAGE}${name}`);
  if (packages.packageOf(found.path) === undefined) {
    const files = includedPath(found.directory, base, reader);
    return { ...files, forms: [`include ${PACKAGE}${name} ${digestOf(found.directory, reader)}`] };
  }
  const tree = packages.tree(found.directory);
  const content = packages.importedContent(name, found.directory, manifests.nearest(base));
  const sources = [...tree.sources, ...content.sources];
  return {
    forms: [`include ${PACKAGE}${name} ${digestList([tree.digest, content.digest])}`],
    nodes: [],
    packages: tree.packages,
    uncertain: [],
    edited: sources.filter((source) => reader.graph.edited.has(source)),
  };
}

function digestOf(path: string, reader: ClosureReader): Digest {
  return reader.of(path)?.digest ?? '';
}

/** The package that code in a directory gets under a name, as Node looks it up. */
function packageAbove(name: string, directory: string, reader: ClosureReader): PackageJson | undefined {
  const found = reader.graph.manifests.linked(join(directory, 'node_modules', name));
  const parent = dirname(directory);
  return found ?? (parent === directory ? undefined : packageAbove(name, parent, reader));
}

function absent(form: string, path: string): Included {
  return { forms: [form], nodes: [], packages: [], uncertain: [absentInclude(path)], edited: [] };
}
