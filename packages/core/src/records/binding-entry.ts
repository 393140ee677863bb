import { BINDING_SCHEMA, type Binding } from './binding.ts';
import type { EntryReader, Heads } from './entry-reader.ts';
import { runIdFromHex } from './run-id.ts';
import { ENTRY_FLAG } from './segment-format.ts';

/** One binding in the table. The head is read at once, the document only on demand. */
export interface BindingEntry {
  readonly stepVersion: string;
  readonly pub: string;
  /** Milliseconds since the epoch at which the values were computed. */
  readonly when: number;
  /** Milliseconds that the op took. */
  readonly duration: number;
  readonly hasAbsentOutputs: boolean;
  /** True for a binding that counts only where a pin names its `pub`. */
  readonly isLater: boolean;
  /** True for a binding by which nothing was computed: its values lie under the version that it stands for. */
  readonly isAlias: boolean;
  /** True where several executions were bound to one version, so that nobody can say which of them counts. */
  readonly isContested: boolean;
  /** Id of the run that wrote it. */
  readonly run: string;
  /** The whole binding; `undefined` when its bytes are damaged or of a schema that this release does not know. */
  document(): Binding | undefined;
  /** The same, read anew and not kept: for who looks at all of them. */
  read(): Binding | undefined;
}

/** A binding that was read from a segment. */
export class StoredEntry implements BindingEntry {
  readonly #heads: Heads;
  readonly #head: number;
  #document: Binding | null | undefined;

  /** Nothing is looked at of the head before somebody asks: most who find a binding want to know only that there is one. */
  constructor(heads: Heads, head: number) {
    this.#heads = heads;
    this.#head = head;
  }

  get #reader(): EntryReader {
    return this.#heads.reader(this.#head);
  }

  get #offset(): number {
    return this.#heads.offset(this.#head);
  }

  get isContested(): boolean {
    return false;
  }

  get stepVersion(): string {
    return this.#reader.key(this.#offset);
  }

  get pub(): string {
    return this.#reader.pub(this.#offset);
  }

  get when(): number {
    return this.#reader.when(this.#offset);
  }

  get duration(): number {
    return this.#reader.duration(this.#offset);
  }

  get run(): string {
    return runIdFromHex(this.#reader.run(this.#offset));
  }

  get hasAbsentOutputs(): boolean {
    return (this.#reader.flags(this.#offset) & ENTRY_FLAG.hasAbsentOutputs) !== 0;
  }

  get isLater(): boolean {
    return (this.#reader.flags(this.#offset) & ENTRY_FLAG.later) !== 0;
  }

  get isAlias(): boolean {
    return (this.#reader.flags(this.#offset) & ENTRY_FLAG.alias) !== 0;
  }

  document(): Binding | undefined {
    if (this.#document === undefined) this.#document = this.read() ?? null;
    return this.#document ?? undefined;
  }

  read(): Binding | undefined {
    const payload = this.#reader.payload(this.#offset) as Partial<Binding> | undefined;
    const whole = payload?.schema === BINDING_SCHEMA && payload.stepVersion === this.#reader.key(this.#offset);
    return whole ? (payload as Binding) : undefined;
  }
}

/** True for a binding that says of an output that it was left out. */
export function leavesOut({ outputs }: Pick<Binding, 'outputs'>): boolean {
  for (const output in outputs) if (outputs[output] === 'absent') return true;
  return false;
}

/** What the head of an entry says of a binding. */
export function flagsOf(binding: Binding): number {
  const absent = leavesOut(binding) ? ENTRY_FLAG.hasAbsentOutputs : 0;
  const alias = binding.of === undefined ? 0 : ENTRY_FLAG.alias;
  const blessed = binding.by === 'bless' ? ENTRY_FLAG.bless : 0;
  return absent | alias | blessed | (binding.later === true ? ENTRY_FLAG.later : 0);
}

/** Another entry, of which a subclass says something else. */
export class EntryOver implements BindingEntry {
  protected readonly entry: BindingEntry;

  constructor(entry: BindingEntry) {
    this.entry = entry;
  }

  get stepVersion(): string {
    return this.entry.stepVersion;
  }

  get pub(): string {
    return this.entry.pub;
  }

  get when(): number {
    return this.entry.when;
  }

  get duration(): number {
    return this.entry.duration;
  }

  get run(): string {
    return this.entry.run;
  }

  get hasAbsentOutputs(): boolean {
    return this.entry.hasAbsentOutputs;
  }

  get isLater(): boolean {
    return this.entry.isLater;
  }

  get isAlias(): boolean {
    return this.entry.isAlias;
  }

  get isContested(): boolean {
    return this.entry.isContested;
  }

  document(): Binding | undefined {
    return this.entry.document();
  }

  read(): Binding | undefined {
    return this.document();
  }
}

/** One of several bindings of a version that name different executions. */
export class ContestedEntry extends EntryOver {
  override get isContested(): boolean {
    return true;
  }
}
