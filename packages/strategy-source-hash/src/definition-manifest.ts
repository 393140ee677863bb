import type { Uncertainty } from '@memo/core/plugin';
import type { Closure } from './closure.ts';
import { byCodeUnits } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import type { SourceHashManifest } from './manifest.ts';
import { relativePath } from './relative-path.ts';

interface ManifestParts {
  readonly algorithm: string;
  readonly node: string;
  /** The directory that paths are relative to. */
  readonly base: string;
  readonly uncertain: readonly Uncertainty[];
}

/** Digits of a digest that a manifest keeps: enough to tell two contents of one file apart. */
const SHORT_DIGEST = 16;

/** The manifest of a definition that reaches these closures. */
export function definitionManifest(closures: readonly Closure[], parts: ManifestParts): SourceHashManifest {
  const nodes = new Set(closures.flatMap((closure) => closure.nodes));
  const packages = new Set(closures.flatMap((closure) => [...closure.packages]));
  const kinds = new Set(parts.uncertain.map(({ kind }) => kind));
  const reads = [...kinds].filter((kind) => kind.startsWith('env:'));
  return {
    algorithm: parts.algorithm,
    node: parts.node,
    files: digestsOf([...nodes].filter(isParsed), parts.base),
    assets: digestsOf(
      [...nodes].filter((node) => !isParsed(node)),
      parts.base,
    ),
    packages: versionsOf(packages),
    env: reads.map((kind) => kind.slice('env:'.length)).sort(byCodeUnits),
    uncertain: [...kinds].filter((kind) => !kind.startsWith('env:')).sort(byCodeUnits),
  };
}

function isParsed(node: GraphNode): boolean {
  return node.kind === 'source' || node.kind === 'json';
}

function digestsOf(nodes: readonly GraphNode[], base: string): Record<string, string> {
  const entries = nodes.map((node) => [relativePath(base, node.path), node.digest.slice(0, SHORT_DIGEST)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => byCodeUnits(left, right)));
}

/** `dep@1.0.0` and `dep@2.0.0` become `dep: 1.0.0, 2.0.0`. */
function versionsOf(packages: ReadonlySet<string>): Record<string, string> {
  const versions = new Map<string, string[]>();
  for (const label of [...packages].sort(byCodeUnits)) {
    const at = label.indexOf('@', 1);
    const name = label.slice(0, at);
    versions.set(name, [...(versions.get(name) ?? []), label.slice(at + 1)]);
  }
  return Object.fromEntries([...versions].map(([name, list]) => [name, list.join(', ')]));
}
