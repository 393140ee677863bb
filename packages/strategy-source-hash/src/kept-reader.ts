import { Analysis, type StoredTexts } from './analysis.ts';
import type { RememberedAnswers } from './answer-cache.ts';
import type { AnswerDetails } from './answer-details.ts';
import type { Circumstances } from './asker.ts';
import { ClosureReader } from './closure.ts';
import type { FileAge } from './file-age.ts';
import type { GraphNode } from './graph-node.ts';
import { KeptNode } from './kept-node.ts';
import { FILE, type KeptProgram } from './kept-program.ts';
import { LoadedFiles } from './loaded-files.ts';
import { ProgramAgain } from './program-again.ts';
import { sightingsAgain } from './sightings-again.ts';
import type { UnitTexts } from './unit-texts.ts';

/** A program that was kept, with what was seen when it was. */
interface Kept {
  readonly before: RememberedAnswers;
  readonly details: AnswerDetails;
  readonly program: KeptProgram;
}

interface KeptReaderOptions {
  readonly around: Circumstances;
  readonly facts: StoredTexts | undefined;
  readonly texts?: UnitTexts | undefined;
  readonly age?: FileAge | undefined;
}

/** Reads a program that an earlier process kept: of its files only those that were edited meanwhile are looked at, and those of which more is asked. */
export class KeptReader {
  readonly reader: ClosureReader;
  readonly #kept: Kept;
  #again: ProgramAgain | undefined;

  constructor(kept: Kept, changed: ReadonlySet<string>, { around, facts, texts, age }: KeptReaderOptions) {
    this.#kept = kept;
    const sightings = sightingsAgain(kept.before.seen, kept.details, { except: changed, age });
    const files = new LoadedFiles(age, sightings);
    const options = { files, ...around, analysis: new Analysis(facts), known: knownNodes(kept.program, changed) };
    const known = (within: Within): ProgramAgain => this.#programAgain(within);
    this.reader = new ClosureReader(options, sightings, { known, texts });
  }

  /** The parts of the program; `undefined` before somebody asks the reader for slices. */
  get again(): ProgramAgain | undefined {
    return this.#again;
  }

  #programAgain(within: Within): ProgramAgain {
    // Some are written anew.
    const contents = new Uint8Array(this.#kept.details.slices?.contents ?? []);
    const words = new Uint32Array(contents.buffer);
    this.#again ??= new ProgramAgain(this.#kept.program, words, within);
    return this.#again;
  }
}

type Within = ConstructorParameters<typeof ProgramAgain>[2];

function knownNodes(
  program: KeptProgram,
  changed: ReadonlySet<string>,
): (path: string, read: () => GraphNode | undefined) => GraphNode | undefined {
  const known = new Map(
    program.files.flatMap(({ path, traits }, number) => ((traits & FILE.gone) === 0 ? [[path, number]] : [])),
  );
  return (path, read) => {
    const number = changed.has(path) ? undefined : known.get(path);
    return number === undefined ? undefined : new KeptNode(program, number, read);
  };
}

/** The reader of a program as it was kept; `undefined` where it is not there. */
export function keptReader(
  before: RememberedAnswers,
  { archive, ...options }: KeptReaderOptions & { archive: ArchiveOf },
): ClosureReader | undefined {
  const details = before.details();
  const program = details?.slices && archive(details.slices)?.program();
  return details && program && new KeptReader({ before, details, program }, new Set(), options).reader;
}

type ArchiveOf = (slices: NonNullable<AnswerDetails['slices']>) => { program(): KeptProgram | undefined } | undefined;
