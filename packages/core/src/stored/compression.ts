import * as zlib from 'node:zlib';

/** How the payload of a stored object is compressed. */
export type Compression = 'none' | 'gzip' | 'brotli' | 'zstd';

/** The numbers of compressions in stored objects; only added to. */
const IDS: Readonly<Record<Compression, number>> = { none: 0, gzip: 1, brotli: 2, zstd: 3 };

const SMALL = 1024;
const PROBE = 65_536;
/** What does not get at least a tenth smaller is not worth the time of its readers. */
const WORTHWHILE = 0.9;

interface Zstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Buffer;
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Buffer;
}

/** True where `node:zlib` has the compression: all but zstd everywhere, zstd from Node 22.15 on. */
export function hasCompression(compression: Compression): boolean {
  return compression !== 'zstd' || (zlib as Zstd).zstdCompressSync !== undefined;
}

export function compressionId(compression: Compression): number {
  return IDS[compression];
}

/** The compression of a number; `undefined` for one that only newer versions know. */
export function compressionOf(id: number): Compression | undefined {
  return (Object.keys(IDS) as Compression[]).find((name) => IDS[name] === id);
}

/** The fastest level of each: stored values are written once, often on the way of a run. */
export function compress(compression: Exclude<Compression, 'none'>, bytes: Uint8Array): Uint8Array {
  switch (compression) {
    case 'gzip':
      return zlib.gzipSync(bytes, { level: 1 });
    case 'brotli':
      return zlib.brotliCompressSync(bytes, {
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength },
      });
    case 'zstd': {
      const { zstdCompressSync } = zlib as Zstd;
      if (zstdCompressSync === undefined) throw new TypeError('This version of Node has no zstd.');
      return zstdCompressSync(bytes, {});
    }
  }
}

/** Decompresses to at most `maxBytes` bytes; throws beyond, for malformed bytes, and where Node lacks the compression. */
export function decompress(compression: Compression, bytes: Uint8Array, maxBytes: number): Uint8Array {
  const options = { maxOutputLength: Math.max(1, maxBytes) };
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return zlib.gunzipSync(bytes, options);
    case 'brotli':
      return zlib.brotliDecompressSync(bytes, options);
    case 'zstd': {
      const { zstdDecompressSync } = zlib as Zstd;
      if (zstdDecompressSync === undefined) throw new TypeError('This version of Node has no zstd.');
      return zstdDecompressSync(bytes, options);
    }
  }
}

/** Brotli for a payload of which its first 64 KiB get smaller by it; none for what is under 1 kB or does not. */
export function compressIfWorthwhile(pieces: readonly Uint8Array[]): {
  compression: Compression;
  pieces: readonly Uint8Array[];
} {
  const size = byteLengthOf(pieces);
  const unchanged = { compression: 'none', pieces } as const;
  if (size < SMALL) return unchanged;
  const probe = firstBytes(pieces, PROBE);
  const probed = compress('brotli', probe);
  if (probed.byteLength > probe.byteLength * WORTHWHILE) return unchanged;
  const compressed = size <= PROBE ? probed : compress('brotli', Buffer.concat(pieces));
  return compressed.byteLength > size * WORTHWHILE ? unchanged : { compression: 'brotli', pieces: [compressed] };
}

/** The bytes in all pieces together. */
export function byteLengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

function firstBytes(pieces: readonly Uint8Array[], count: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let missing = count;
  for (const piece of pieces) {
    if (missing <= 0) break;
    parts.push(piece.subarray(0, missing));
    missing -= piece.byteLength;
  }
  return Buffer.concat(parts);
}
