import type { OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import type { Analysis } from './analysis.ts';
import { bundledVersion } from './bundled-versions.ts';
import { type DefinitionFiles, type DefinitionFrame, definitionFiles } from './definition-file.ts';
import { missingFunctions } from './definition-notes.ts';
import { type Digest, digestJson } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import { functionTexts } from './questions.ts';
import { placementIn } from './slice/placement.ts';
import type { SourceFacts } from './source-facts.ts';

type Context = OpVersionContext | ResourceVersionContext;

/** A definition as it was when an answer about it was found, by all that its answer rests on beside the contents of files. */
export interface StoredDefinition {
  /** Its kind and name, and what was declared for it. */
  readonly about: string;
  /** Stands for the texts of its functions. */
  readonly functions: Digest;
  /**
   * The calls that made it, innermost first: where they stand by what the runtime says, and which parts of their files that are. The latter is empty
   * for files of installed packages.
   */
  readonly calls: readonly (readonly [file: string, positions: string, placement: string])[];
}

/** A definition with what was declared for it. */
export interface Declared {
  readonly context: Context;
  readonly declared: string;
}

/** Facts of source files by their paths. */
export type FactsOf = (path: string) => SourceFacts | undefined;

/** Source files that were edited, by what their new texts say. */
export interface SourceEdits {
  readonly factsOf: FactsOf;
  readonly analysis: Analysis;
  /** True for questions that are asked as they were. */
  isSame(at: number): boolean;
}

/** What is kept of a definition, so that the next process can tell it again after an edit of its file. */
export function storedDefinition(
  asked: Declared,
  isSource: (path: string) => boolean,
  factsOf: FactsOf,
): StoredDefinition {
  const { frames } = filesOf(asked.context);
  const placed = new Placed(asked.context.name, factsOf);
  const calls = frames.map((frame) => {
    const placement = isSource(frame.file) ? placed.of(frame) : '';
    return [frame.file, JSON.stringify(frame.positions), placement] as const;
  });
  return { ...keyOf(asked), calls };
}

function filesOf(context: Context): DefinitionFiles {
  return definitionFiles(context.definition, `${context.kind} ${context.name}`);
}

function keyOf({ context, declared }: Declared): Pick<StoredDefinition, 'about' | 'functions'> {
  const { kind, name } = context;
  return { about: JSON.stringify([kind, name, declared]), functions: digestJson(functionTexts(context)) };
}

/** The same definitions, in their order, after edits of some source files; `undefined` when one is another. */
export function definitionsAgain(
  asked: readonly Declared[],
  before: readonly StoredDefinition[],
  edits: SourceEdits,
): readonly StoredDefinition[] | undefined {
  const again: StoredDefinition[] = [];
  for (const [at, one] of asked.entries()) {
    const known = before[at];
    const isUntouched = edits.isSame(at) && known?.calls.every(([file]) => edits.factsOf(file) === undefined) === true;
    const definition = isUntouched ? known : known && definitionAgain(one, known, edits);
    if (definition === undefined) return undefined;
    again.push(definition);
  }
  return again;
}

/** `undefined` when another part of a file makes it, or its functions are not in the part that did. */
function definitionAgain(asked: Declared, before: StoredDefinition, edits: SourceEdits): StoredDefinition | undefined {
  const files = filesOf(asked.context);
  const now = keyOf(asked);
  if (now.about !== before.about || files.unknownCallerOf !== undefined) return undefined;
  if (bundledVersion(asked.context, files.files[0]) !== undefined) return undefined;
  const calls = callsAgain(asked.context.name, files.frames, { before, factsOf: edits.factsOf });
  const areFunctionsTold = isDefinedInEdit(before, edits.factsOf)
    ? areInPlace(asked.context, before, edits)
    : now.functions === before.functions;
  return calls !== undefined && areFunctionsTold ? { ...now, calls } : undefined;
}

function callsAgain(
  name: string,
  frames: readonly DefinitionFrame[],
  { before, factsOf }: { readonly before: StoredDefinition; readonly factsOf: FactsOf },
): StoredDefinition['calls'] | undefined {
  if (frames.length !== before.calls.length) return undefined;
  const placed = new Placed(name, factsOf);
  const again: StoredDefinition['calls'][number][] = [];
  for (const [at, frame] of frames.entries()) {
    const [file, positions, placement] = before.calls[at] ?? ['', '', ''];
    const found = placement === '' ? '' : placed.of(frame);
    const now = JSON.stringify(frame.positions);
    const isSame = found === '' ? now === positions : found === placement;
    if (file !== frame.file || !isSame) return undefined;
    again.push([file, now, placement]);
  }
  return again;
}

function definingCall({ calls }: StoredDefinition): StoredDefinition['calls'][number] | undefined {
  return calls.find(([, , placement]) => placement !== '');
}

function isDefinedInEdit(before: StoredDefinition, factsOf: FactsOf): boolean {
  const [file] = definingCall(before) ?? [];
  return file !== undefined && factsOf(file) !== undefined;
}

/** True when the functions in memory are those of the op that stands where the definition is made. */
function areInPlace(context: Context, before: StoredDefinition, { factsOf, analysis }: SourceEdits): boolean {
  const [file = '', , placement = ''] = definingCall(before) ?? [];
  const outlines = factsOf(file)?.units.ops[opAt(placement)]?.outlines;
  return outlines !== undefined && missingFunctions(context, { nodes: [], outlines }, analysis).areInPlace;
}

/** The place of the op that a call defines among those of its file; -1 where it defines none. */
function opAt(placement: string): number {
  const op = jsonProperty(parseJson(Buffer.from(placement))?.value, 'op');
  return Array.isArray(op) && Number.isSafeInteger(op[0]) ? (op[0] as number) : -1;
}

/** Only the first call that stands in a source file may be the one that defines. */
class Placed {
  readonly #name: string;
  readonly #factsOf: FactsOf;
  #isFirst = true;

  constructor(name: string, factsOf: FactsOf) {
    this.#name = name;
    this.#factsOf = factsOf;
  }

  /** Empty where nothing is known of the file. */
  of(frame: DefinitionFrame): string {
    const facts = this.#factsOf(frame.file);
    const placement = facts && placementIn(facts, frame, this.#isFirst ? this.#name : undefined);
    this.#isFirst = false;
    return placement === undefined ? '' : JSON.stringify(placement);
  }
}
