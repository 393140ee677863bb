import { createHash } from 'node:crypto';
import type { RecordDocument, RecordStore } from '../io/record-store.ts';

/** Keeps records in memory, for stores that live as long as the process. */
export function memoryRecordStore(): RecordStore {
  const segments = new Map<string, Buffer[]>();
  const documents = new Map<string, { readonly document: RecordDocument; readonly generation: number }>();
  return {
    append(segment, bytes) {
      checkName('segment', segment);
      const chunks = segments.get(segment) ?? [];
      chunks.push(Buffer.from(bytes));
      segments.set(segment, chunks);
    },
    segments: () => [...segments].map(([name, chunks]) => ({ name, bytes: lengthOf(chunks) })),
    read(segment, offset) {
      checkName('segment', segment);
      return new Uint8Array(Buffer.concat(segments.get(segment) ?? []).subarray(offset));
    },
    open(segment) {
      checkName('segment', segment);
      const chunks = segments.get(segment);
      if (chunks === undefined) return undefined;
      return { bytes: lengthOf(chunks), read: (into, position) => readChunks(chunks, into, position) };
    },
    remove(segment) {
      checkName('segment', segment);
      segments.delete(segment);
    },
    getDocument(key) {
      checkName('document', key);
      const document = documents.get(key)?.document;
      return document && { bytes: document.bytes.slice(), tag: document.tag };
    },
    putDocument(key, bytes, expected) {
      checkName('document', key);
      const current = documents.get(key);
      if (current?.document.tag !== expected) return false;
      const generation = (current?.generation ?? 0) + 1;
      const tag = `${generation}-${createHash('sha256').update(bytes).digest('hex')}`;
      documents.set(key, { document: { bytes: bytes.slice(), tag }, generation });
      return true;
    },
    removeDocument(key, expected) {
      checkName('document', key);
      return documents.get(key)?.document.tag === expected && documents.delete(key);
    },
    documents: (prefix) => [...documents.keys()].filter((key) => key.startsWith(prefix)),
  };
}

function readChunks(chunks: Buffer[], into: Uint8Array, position: number): number {
  // Joined once for all that is read before more is appended.
  if (chunks.length > 1) chunks.splice(0, chunks.length, Buffer.concat(chunks));
  const part = chunks[0]?.subarray(position, position + into.length);
  if (part !== undefined) into.set(part);
  return part?.length ?? 0;
}

function lengthOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((total, chunk) => total + chunk.length, 0);
}

function checkName(kind: 'segment' | 'document', name: string): void {
  if (!/^[a-z0-9-]{1,100}$/.test(name)) throw new TypeError(`Not the name of a ${kind}: ${JSON.stringify(name)}`);
}
