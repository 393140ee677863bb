import type { GraphNode } from './graph-node.ts';
import { FILE, type KeptProgram } from './kept-program.ts';
import { loadsLate } from './late-code.ts';

/** What became of the files of a program. */
export interface FileEdits {
  readonly edited: readonly GraphNode[];
  readonly added: readonly GraphNode[];
  readonly gone: readonly string[];
}

type Leads = ReadonlyMap<string, readonly string[]>;

/**
 * Says which files lead to one that may load something late. Of all files is asked who leads to them, which is done once for all that ask; few lead to
 * such a file, and most of them lead where they did.
 */
export class LateLeads {
  readonly #program: KeptProgram;
  readonly #edits: FileEdits;
  /** Who leads to a file, of those that are as they were. */
  readonly #ledBy: Leads;
  readonly #others: ReadonlySet<string>;

  constructor(program: KeptProgram, edits: FileEdits) {
    this.#program = program;
    this.#edits = edits;
    const others = new Set([...edits.edited.map(({ path }) => path), ...edits.gone]);
    this.#others = others;
    this.#ledBy = turned(this.#leads(({ path }) => !others.has(path)));
  }

  before(): ReadonlySet<string> {
    const late = this.#program.files.filter(({ traits }) => (traits & FILE.late) !== 0);
    const others = turned(this.#leads(({ path }) => this.#others.has(path)));
    return this.#leadingTo(
      late.map(({ path }) => path),
      others,
    );
  }

  now(): ReadonlySet<string> {
    const news = [...this.#edits.edited, ...this.#edits.added];
    const still = this.#program.files.filter(
      ({ path, traits }) => (traits & FILE.late) !== 0 && !this.#others.has(path),
    );
    const late = [...still, ...news.filter(loadsLate)].map(({ path }) => path);
    return this.#leadingTo(late, turned(news.map(({ path, targets }) => [path, targets] as const)));
  }

  *#leads(isAsked: (file: KeptProgram['files'][number]) => boolean): Generator<readonly [string, readonly string[]]> {
    const { files } = this.#program;
    for (const file of files)
      if (isAsked(file)) yield [file.path, file.targets.map((number) => files[number]?.path ?? '')];
  }

  #leadingTo(paths: Iterable<string>, others: Leads): ReadonlySet<string> {
    const found = new Set(paths);
    for (const path of found)
      for (const leads of [this.#ledBy, others]) for (const one of leads.get(path) ?? []) found.add(one);
    return found;
  }
}

/** Who leads to a file, by that. */
function turned(leads: Iterable<readonly [from: string, to: readonly string[]]>): Leads {
  const by = new Map<string, string[]>();
  for (const [from, to] of leads)
    for (const one of to) {
      const known = by.get(one);
      if (known === undefined) by.set(one, [from]);
      else known.push(from);
    }
  return by;
}
