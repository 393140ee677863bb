import { type Digest, digestBytes, digestList } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import { jsonForm, parseJson } from './json-form.ts';
import { JSON_ASPECT } from './source-aspect.ts';
import type { Aspect, ReadFile } from './source-files.ts';

/** The value of a JSON file; the bytes of one that is no JSON. */
export const jsonAspect: Aspect = {
  name: JSON_ASPECT,
  of: (bytes) => {
    const parsed = parseJson(bytes);
    return parsed === undefined ? `bytes ${digestBytes(bytes)}` : `json ${jsonForm(parsed.value)}`;
  },
};

/** The node of a JSON file: its value counts; the bytes of one that is no JSON do. */
export function jsonNode({ path, bytes }: ReadFile): GraphNode {
  const parsed = parseJson(bytes);
  if (parsed !== undefined) {
    return { ...leaf('json', path, digestList(['json', jsonForm(parsed.value)])), json: { value: parsed.value } };
  }
  const finding = {
    kind: 'parse-error',
    message: 'is no JSON: its bytes are hashed',
    offset: 0,
    place: { file: path },
  };
  return { ...leaf('json', path, digestList(['bytes', digestBytes(bytes)])), findings: [finding] };
}

/** The node of a file that counts by its bytes. */
export function assetNode({ path, digest }: ReadFile): GraphNode {
  return leaf('asset', path, digestList(['bytes', digest]));
}

/** A node that leads nowhere. */
export function leaf(kind: GraphNode['kind'], path: string, digest: Digest): GraphNode {
  return {
    path,
    kind,
    digest,
    targets: [],
    imports: new Map(),
    findings: [],
    trees: new Set(),
    sources: [path],
    ends: new Map(),
    evaluated: [],
    eager: new Set(),
    bare: [],
    setting: '',
    jsxRuntimes: [],
    jsxFactories: [],
  };
}
