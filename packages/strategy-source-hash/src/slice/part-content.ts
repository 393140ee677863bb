import { type Digest, digestText } from '../digest.ts';
import type { Linker, Part } from './linker.ts';

/** What parts say by themselves, without what they refer to: digests, so that many slices can hold the same part cheaply. */
export class PartContents {
  readonly #linker: Linker;
  readonly #digests = new Map<Part, Digest>();

  constructor(linker: Linker) {
    this.#linker = linker;
  }

  of(part: Part): Digest {
    const known = this.#digests.get(part);
    if (known !== undefined) return known;
    const digest = digestText(this.#textOf(part));
    this.#digests.set(part, digest);
    return digest;
  }

  #textOf(part: Part): string {
    switch (part.kind) {
      case 'unit':
        return `${part.unit.own} ${part.file.setting}`;
      case 'namespace':
        return `namespace ${this.#linker.namesOf(part.file.path).join(' ')}`;
      case 'leaf':
        return `leaf ${part.token}`;
    }
  }
}
