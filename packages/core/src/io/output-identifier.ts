import { createHash } from 'node:crypto';

/**
 * The address of a stored output: non-empty path segments of `[A-Za-z0-9._~-]`, at most 80 characters each (versions are
 * 64), none of which is `.`, `..` or a name that Windows reserves.
 * Memoized outputs: `['outputs', namespace, op, output, version]`. Outputs of one run: `['runs', runId, step, output]`.
 */
export type OutputIdentifier = readonly string[];

/** The address of a memoized output. */
export function versionedIdentifier(
  op: { readonly namespace: string; readonly name: string },
  output: string,
  version: string,
): OutputIdentifier {
  return ['outputs', safeSegment(op.namespace), safeSegment(op.name), safeSegment(output), safeSegment(version)];
}

/** What the addresses of all versions of an output begin with. */
export function aboveVersions(
  op: { readonly namespace: string; readonly name: string },
  output: string,
): OutputIdentifier {
  return ['outputs', safeSegment(op.namespace), safeSegment(op.name), safeSegment(output)];
}

/** The address of an output that belongs to one run. */
export function runScopedIdentifier(runId: string, step: string, output: string): OutputIdentifier {
  return ['runs', safeSegment(runId), safeSegment(step), safeSegment(output)];
}

const PLAIN = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
const VERSION = /^[0-9a-f]{64}$/;
const VERSION_LENGTH = 64;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
const READABLE_LENGTH = 40;

/**
 * A path segment for any name, injective: a lower-case name of up to 64 safe characters stays as it is; every other name
 * keeps a readable part and gets 24 digits of its SHA-256, so that case twins, NFC/NFD twins and hostile names stay apart
 * on every file system.
 */
export function safeSegment(name: string): string {
  if (name.length === VERSION_LENGTH && VERSION.test(name)) return name;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const segment = isPlain(name) ? name : `${readablePart(name)}~${digestOfName(name)}`;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(name, segment);
  return segment;
}

const CACHE_LIMIT = 4096;
const cache = new Map<string, string>();

function isPlain(name: string): boolean {
  return PLAIN.test(name) && !RESERVED.test(name) && !name.endsWith('.');
}

function readablePart(name: string): string {
  const readable = name
    .slice(0, READABLE_LENGTH)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return readable === '' ? 'x' : readable;
}

// UTF-16 code units, because UTF-8 would map all lone surrogates to one character.
function digestOfName(name: string): string {
  return createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex').slice(0, 24);
}
