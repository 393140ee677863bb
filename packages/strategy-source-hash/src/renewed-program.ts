import type { EditedProgram } from './edited-program.ts';
import { ProgramKeeper, type RowColumns, traits } from './keep-program.ts';
import { FILE, GONE, type KeptFile, type KeptProgram, type KeptRoots, ROW } from './kept-program.ts';
import { isGone, type ProgramAgain } from './program-again.ts';
import type { Slice } from './slice/slice.ts';
import type { SliceReader } from './slice/slice-reader.ts';
import type { SliceTable } from './slice/slice-table.ts';

interface Renewal {
  readonly again: ProgramAgain;
  readonly edited: EditedProgram;
  readonly reader: SliceReader;
  /** For each slice where it was, unless it was made anew. */
  readonly places: readonly (number | undefined)[];
  /** Those that were made anew, by their places. */
  readonly slices: ReadonlyMap<number, Slice>;
}

export interface Renewed {
  readonly program: KeptProgram;
  /** The numbers of the files of which something else is known than before. */
  readonly files: readonly number[];
}

/** What is to be kept of a program after edits of some files. */
export function renewedProgram({ again, edited, reader, places, slices }: Renewal): Renewed {
  const { program } = again;
  const paths = [...program.files, ...edited.added].map(({ path }) => path);
  const keeper = new ProgramKeeper(reader, paths);
  const news = new Map([...edited.edited, ...edited.added].map((node) => [node.path, node]));
  const gone = new Set(edited.gone);
  const files = paths.map((path, number): KeptFile => {
    const known = program.files[number];
    if (known !== undefined && (isGone(known) || gone.has(path))) return isGone(known) ? known : withoutAll(known);
    const [node, more] = [news.get(path), reader.linker.askedOf(path)];
    if (node === undefined && known !== undefined && isAskedOnlyFor(more, known)) return known;
    const asked = [...new Set([...(known?.asked ?? []), ...more])];
    return node === undefined ? withAsked(known as KeptFile, asked) : keeper.file(node, asked);
  });
  const roots = places.map((place, at) => {
    const slice = slices.get(at);
    return slice === undefined ? (program.roots[place ?? at] as KeptRoots) : keeper.roots(slice);
  });
  return {
    program: { files, roots, ...keeper.rows(new RenewedRows(again, reader.table, [...news.keys(), ...gone])) },
    files: files.flatMap((file, number) => (file === program.files[number] ? [] : [number])),
  };
}

/** Of most files nobody asks for anything: then what is known of them need not be read. */
function isAskedOnlyFor(names: ReadonlySet<string>, file: KeptFile): boolean {
  return [...names].every((name) => file.asked.includes(name));
}

function withoutAll({ path, kind, setting }: KeptFile): KeptFile {
  const none = { targets: [], evaluated: [], eager: [], asking: [], exports: [], asked: [], units: [], inner: [] };
  return { path, kind, setting, traits: FILE.gone, ...none };
}

function withAsked(file: KeptFile, asked: readonly string[]): KeptFile {
  const { path, kind, targets, evaluated, eager, asking, traits, setting, exports, units, inner } = file;
  return { path, kind, targets, evaluated, eager, asking, traits, setting, exports, units, inner, asked };
}

/** Rows of files that were not edited are as they were, and nothing that was edited changes anything. */
class RenewedRows implements RowColumns {
  readonly #again: ProgramAgain;
  readonly #table: SliceTable;
  readonly anew: readonly number[];

  /** `paths` are those of the files that were edited, or are gone. */
  constructor(again: ProgramAgain, table: SliceTable, paths: readonly string[]) {
    this.#again = again;
    this.#table = table;
    this.anew = paths.flatMap((path) => [...again.rowsIn(path)]);
  }

  get before(): KeptProgram {
    return this.#again.program;
  }

  traitsOf(row: number): number {
    if (this.#isKnown(row)) return this.#again.traitsAt(row);
    return traits([
      [ROW.clear | ROW.plain, true],
      [ROW.observes, this.#table.mayObserve(row)],
    ]);
  }

  placeOf(row: number): readonly [file: number, place: number] | undefined {
    if (!this.#isKnown(row)) return undefined;
    const place = this.#again.placeAt(row);
    return place === undefined ? [GONE, 0] : [this.before.rows.files[row] ?? GONE, place];
  }

  #isKnown(row: number): boolean {
    return row < this.before.rows.files.length;
  }
}
