import type { StepVersionRecord } from '../versions/step-version-record.ts';
import { type BindingEntry, StoredEntry } from './binding-entry.ts';
import type { EntryReader, Heads } from './entry-reader.ts';
import { HeadTable, NONE } from './head-table.ts';
import type { LooseEntry, WrittenBindings } from './written-bindings.ts';

/**
 * Finds bindings by what their steps read instead of by version, and tells which code was ever bound. Needed only below a step that
 * has another version than before.
 */
export class ContentIndex {
  readonly #heads: Heads;
  readonly #stored: HeadTable;
  readonly #written: WrittenBindings;
  readonly #loose = new Map<string, LooseEntry[]>();
  /** How many of what this process wrote can be found by what they read, and how many by their code. */
  #looseKeys = 0;
  #looseCodes = 0;
  readonly #codes = new Set<string>();
  /** How many bindings were read from segments. */
  #read = 0;
  /** How many of those were looked at for their code, which costs more. */
  #coded = 0;
  #bindings: HeadTable | undefined;

  constructor(heads: Heads, written: WrittenBindings) {
    this.#heads = heads;
    this.#written = written;
    this.#stored = new HeadTable(heads, 'contentKey');
  }

  #looseOn(contentKey: string): readonly LooseEntry[] {
    const written = this.#written.entries();
    while (this.#looseKeys < written.length) {
      const entry = written[this.#looseKeys++] as LooseEntry;
      const own = entry.contentKey;
      const known = own === undefined ? undefined : this.#loose.get(own);
      if (known !== undefined) known.push(entry);
      else if (own !== undefined) this.#loose.set(own, [entry]);
    }
    return this.#loose.get(contentKey) ?? [];
  }

  /** Takes in what a table of bindings got since it was read last. */
  read(bindings: HeadTable): void {
    if (this.#read === bindings.size) return;
    this.#bindings = bindings;
    this.#stored.addFrom(bindings, this.#read);
    this.#read = bindings.size;
  }

  find(contentKey: string): readonly BindingEntry[] {
    const table = this.#stored;
    const newest = table.size === 0 ? NONE : table.find(contentKey);
    // Most keys have one binding, and nothing was written yet: asking an empty map costs as much as half of the rest.
    if (this.#written.size > 0 || (newest !== NONE && table.older(newest) !== NONE))
      return this.#findAll(contentKey, newest);
    return newest === NONE ? NO_ENTRIES : [new StoredEntry(this.#heads, newest)];
  }

  #findAll(contentKey: string, newest: number): readonly BindingEntry[] {
    const found: BindingEntry[] = [...this.#looseOn(contentKey)];
    for (let head = newest; head !== NONE; head = this.#stored.older(head))
      found.push(new StoredEntry(this.#heads, head));
    return newestFirst(found);
  }

  knowsCode(op: StepVersionRecord['op']): boolean {
    const text = codeText(op);
    const written = this.#written.entries();
    while (this.#looseCodes < written.length) this.#codes.add(codeText((written[this.#looseCodes++] as LooseEntry).op));
    if (this.#codes.has(text)) return true;
    const bindings = this.#bindings;
    while (bindings !== undefined && this.#coded < bindings.size) {
      const head = bindings.added(this.#coded++);
      const code = codeIn(this.#heads.reader(head), this.#heads.offset(head));
      if (code !== undefined) this.#codes.add(code);
      if (code === text) return true;
    }
    return false;
  }
}

const NO_ENTRIES: readonly BindingEntry[] = [];

function newestFirst(found: BindingEntry[]): readonly BindingEntry[] {
  return found.length < 2 ? found : found.sort((a, b) => b.when - a.when);
}

const OP_FIELD = '"op":{';
const LONGEST_OP = 2_000;

/** The op of a binding as it was written, without reading the rest. */
function codeIn(reader: EntryReader, offset: number): string | undefined {
  const text = reader.payloadStart(offset, LONGEST_OP);
  const start = text.indexOf(OP_FIELD);
  const end = text.indexOf('},"config":', start);
  return start === -1 || end === -1 ? undefined : text.slice(start + OP_FIELD.length - 1, end + 1);
}

/** The same as it is written; made once for the code that many steps share. */
function codeText(op: StepVersionRecord['op']): string {
  const known = codeTexts.get(op);
  if (known !== undefined) return known;
  const { namespace, name, code, by } = op;
  const text = JSON.stringify({ namespace, name, code, by });
  codeTexts.set(op, text);
  return text;
}

const codeTexts = new WeakMap<StepVersionRecord['op'], string>();
