import { createHash } from 'node:crypto';
import type { RecordDocument } from '../../src/io/record-store.ts';
import { type Ground, TrackedMap } from './footprint.ts';

/** A stored value as several instances of a store see it. */
export interface StoredText {
  readonly text: string;
  readonly contentDigest: string | undefined;
  readonly damaged: boolean;
}

/** What lies behind a store: it outlives the instances that use it, and tests can lose and damage what is in it. */
export class SharedStorage {
  readonly objects: Map<string, StoredText>;
  readonly segments: Map<string, Buffer>;
  readonly documents: Map<string, RecordDocument>;

  /** @param ground is told what is read and written. */
  constructor(like?: SharedStorage, ground?: Ground) {
    this.objects = new TrackedMap('objects', like?.objects, ground);
    this.segments = new TrackedMap('segments', like?.segments, ground);
    this.documents = new TrackedMap('documents', like?.documents, ground);
  }

  copy(): SharedStorage {
    return new SharedStorage(this);
  }

  /** Changes whenever anything stored does. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const [key, { text, damaged }] of this.objects) hash.update(`${key}\0${text}\0${damaged}\0`);
    for (const [name, bytes] of this.segments) hash.update(`${name}\0`).update(bytes);
    for (const [key, { tag }] of this.documents) hash.update(`${key}\0${tag}\0`);
    return hash.digest('hex');
  }

  /** Loses the chosen objects; each number counts modulo what there is. */
  loseObjects(chosen: readonly number[]): void {
    for (const key of this.#choose(this.objects, chosen)) this.objects.delete(key);
  }

  damageObjects(chosen: readonly number[]): void {
    for (const key of this.#choose(this.objects, chosen)) {
      const stored = this.objects.get(key) as StoredText;
      this.objects.set(key, { ...stored, damaged: true });
    }
  }

  loseSegments(chosen: readonly number[]): void {
    for (const name of this.#choose(this.segments, chosen)) this.segments.delete(name);
  }

  loseDocuments(chosen: readonly number[]): void {
    for (const key of this.#choose(this.documents, chosen)) this.documents.delete(key);
  }

  #choose(from: ReadonlyMap<string, unknown>, chosen: readonly number[]): ReadonlySet<string> {
    const keys = [...from.keys()].sort();
    return new Set(keys.length === 0 ? [] : chosen.map((number) => keys[number % keys.length] as string));
  }
}
