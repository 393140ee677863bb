import { isAscii } from 'node:buffer';

/**
 * The text of a source file. A byte order mark is dropped, and U+FFFD stands for what is not UTF-8, as in runtimes. Most files are
 * ASCII: as such a text takes half the memory, and costs next to nothing.
 */
export function sourceText(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return new TextDecoder().decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
