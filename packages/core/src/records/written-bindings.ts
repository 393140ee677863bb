import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { Binding } from './binding.ts';
import { type BindingDraft, codeOf, writtenBinding } from './binding-draft.ts';
import { type BindingEntry, leavesOut } from './binding-entry.ts';
import { type BindingPlace, placeOfBinding } from './binding-place.ts';

/** A binding that this process wrote. As an object it takes less memory than as text: most texts in it are those of the plan. */
export class LooseEntry implements BindingEntry {
  readonly ordinal: number;
  /** The next older entry of the same version. */
  before: LooseEntry | undefined;
  /** The next older entry of the same site. */
  beforeAtSite: LooseEntry | undefined;
  #binding: Binding | BindingDraft;
  /** Drafts know it themselves, and are let go once they are written. */
  #place: BindingPlace | undefined;

  constructor(binding: Binding | BindingDraft, place: BindingPlace, ordinal: number) {
    this.#binding = binding;
    this.#place = place;
    this.ordinal = ordinal;
  }

  /** Digest of job, step and op, 32 hexadecimal digits. */
  get site(): string {
    return (this.#place ?? placeOfBinding(this.document())).site;
  }

  get stepVersion(): string {
    return this.#binding.stepVersion;
  }

  get pub(): string {
    return this.#binding.pub;
  }

  get when(): number {
    return this.#binding.when;
  }

  get duration(): number {
    return this.#binding.duration;
  }

  get run(): string {
    return this.#binding.run;
  }

  get hasAbsentOutputs(): boolean {
    return leavesOut(this.#binding);
  }

  get isLater(): boolean {
    return this.#binding.later === true;
  }

  get isAlias(): boolean {
    return this.#binding.of !== undefined;
  }

  get isContested(): boolean {
    return false;
  }

  get contentKey(): string | undefined {
    return this.#binding.contentKey;
  }

  /** The code that the step ran. */
  get op(): StepVersionRecord['op'] {
    return codeOf(this.#binding);
  }

  document(): Binding {
    const written = writtenBinding(this.#binding);
    if (written !== this.#binding) this.#place = undefined;
    this.#binding = written;
    return written;
  }

  read(): Binding {
    return this.document();
  }
}

/**
 * The bindings that this process wrote, oldest first. They become entries, which are found by version, when somebody looks for one: most runs only
 * write, and each look at a growing map waits for memory.
 */
export class WrittenBindings {
  readonly #entries: LooseEntry[] = [];
  /** What was written since somebody has looked last, and where each of these belongs. */
  readonly #bindings: (Binding | BindingDraft)[] = [];
  readonly #places: BindingPlace[] = [];
  /** The newest entry of each version; it leads to the older ones. */
  readonly #versions = new Map<string, LooseEntry>();
  /** The same by site, of as many entries as somebody has asked about: most runs never do. */
  readonly #sites = new Map<string, LooseEntry>();
  #sited = 0;
  size: number = 0;

  add(binding: Binding | BindingDraft, place: BindingPlace): void {
    this.#bindings.push(binding);
    this.#places.push(place);
    this.size++;
  }

  /** All of them, oldest first. */
  entries(): readonly LooseEntry[] {
    if (this.#bindings.length > 0) this.#makeEntries();
    return this.#entries;
  }

  #makeEntries(): void {
    for (const [at, binding] of this.#bindings.entries()) {
      const entry = new LooseEntry(binding, this.#places[at] as BindingPlace, this.#entries.length);
      entry.before = this.#versions.get(binding.stepVersion);
      this.#entries.push(entry);
      this.#versions.set(binding.stepVersion, entry);
    }
    this.#bindings.length = 0;
    this.#places.length = 0;
  }

  /** The newest one of a version. */
  newestOf(stepVersion: string): LooseEntry | undefined {
    if (this.#bindings.length > 0) this.#makeEntries();
    return this.#versions.get(stepVersion);
  }

  /** The newest one at a site. */
  newestAt(site: string): LooseEntry | undefined {
    const entries = this.entries();
    while (this.#sited < entries.length) {
      const entry = entries[this.#sited++] as LooseEntry;
      const own = entry.site;
      entry.beforeAtSite = this.#sites.get(own);
      this.#sites.set(own, entry);
    }
    return this.#sites.get(site);
  }
}
