import type { Json } from '@memo/core/plugin';

/** The texts of a part of a manifest, by name. Manifests come from stores: what is malformed counts as empty. */
export function recordOf(manifest: Json, part: string): ReadonlyMap<string, string> {
  const record = partOf(manifest, part);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return new Map();
  return new Map(Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export function textOf(manifest: Json, part: string): string {
  const text = partOf(manifest, part);
  return typeof text === 'string' ? text : '';
}

function partOf(manifest: Json, part: string): Json | undefined {
  const isRecord = typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest);
  return isRecord && Object.hasOwn(manifest, part) ? (manifest as Record<string, Json>)[part] : undefined;
}
