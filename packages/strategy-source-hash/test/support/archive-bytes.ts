import type { ReadBytes, WrittenLayer } from '../../src/archive-layer.ts';
import type { Digest } from '../../src/digest.ts';
import { type Layers, SliceArchive, type Written } from '../../src/slice-archive.ts';

/** The layers of an archive as they would lie on disk. */
export type LayerBytes = Layers<Buffer>;

/** What lies there once layers are written. */
export function layersOf({ base, edits }: Written, before?: LayerBytes): LayerBytes {
  if (base === undefined && before === undefined) throw new Error('there is no base');
  const bytesOf = ({ bytes }: WrittenLayer): Buffer => Buffer.concat(bytes);
  return { base: base ? bytesOf(base) : (before as LayerBytes).base, edits: edits && bytesOf(edits) };
}

/** Reads an archive again. */
export function archiveIn(layers: LayerBytes | undefined): (digests: Layers<Digest>) => SliceArchive | undefined {
  const reading =
    (bytes: Buffer): ReadBytes =>
    (start, length) =>
      bytes.subarray(start, start + length);
  return (digests) =>
    layers && SliceArchive.from({ base: reading(layers.base), edits: layers.edits && reading(layers.edits) }, digests);
}
