import {
  type Certainty,
  MemoError,
  type OpVersionContext,
  type ResourceVersionContext,
  type Uncertainty,
} from '@memo/core/plugin';
import type { Analysis } from './analysis.ts';
import { checkFunction, type FunctionPlaces } from './defined-function.ts';
import type { DefinitionFiles } from './definition-file.ts';
import { type Digest, digestList } from './digest.ts';
import { certaintyOf, type LocatedFinding } from './finding.ts';

type Context = OpVersionContext | ResourceVersionContext;

export interface MissingFunctions {
  /** True when all functions are in what defines them, so that no other file was searched. */
  readonly areInPlace: boolean;
  readonly digest: Digest | undefined;
  readonly uncertain: readonly Uncertainty[];
}

/** The code of functions that are not found in the files counts by itself, so that an edit of it is never missed. */
export function missingFunctions(context: Context, places: FunctionPlaces, analysis: Analysis): MissingFunctions {
  const functions = context.kind === 'op' ? [context.run] : [context.setup, context.teardown];
  const checks = functions.flatMap((run) => (run === undefined ? [] : [checkFunction(run, places, analysis)]));
  const digests = checks.flatMap((check) => (check.found ? [] : [check.digest]));
  const areInPlace = checks.every((check) => check.found && check.isInPlace);
  if (digests.length === 0) return { digest: undefined, uncertain: [], areInPlace };
  const message =
    'the function in memory is not found in the files that define it (generated, bound, native or rewritten by a runner): its own text counts, not what it captured';
  const place = context.definition.frames[0];
  return {
    digest: digestList(digests),
    areInPlace,
    uncertain: [{ kind: 'function-not-found', message, ...(place === undefined ? {} : { place: placeIn(place) }) }],
  };
}

export function unknownCaller({ unknownCallerOf: frame }: DefinitionFiles): readonly Uncertainty[] {
  if (frame === undefined) return [];
  const message = `${frame.functionName ?? 'the outermost function'} makes the definition, and it is not known who called it: values that the caller chose are assumed not to matter`;
  return [{ kind: 'caller-unknown', message, place: placeIn(frame) }];
}

function placeIn(frame: { file: string; line: number; column: number }): {
  file: string;
  line: number;
  column: number;
} {
  return { file: frame.file, line: frame.line, column: frame.column };
}

export function worstCertainty(uncertain: readonly Uncertainty[]): Certainty {
  const certainties = uncertain.map(({ kind }) => certaintyOf(kind));
  if (certainties.includes('untrackable')) return 'untrackable';
  return certainties.includes('assumed') ? 'assumed' : 'exact';
}

export function editedSinceLoaded(name: string, edited: readonly string[]): MemoError {
  const [file = ''] = edited;
  const rest = edited.length === 2 ? 'another file' : `${edited.length - 1} other files`;
  const others = edited.length > 1 ? ` and ${rest} were` : ' was';
  return new MemoError('M4007', `${name} has no version: ${file}${others} edited since loaded`, {
    because: 'a version stands for the code in memory, and the file may now hold or import other code',
    fix: 'restart the process',
    place: { file },
    details: { name, files: edited },
  });
}

export function untrackable(name: string, uncertain: readonly Uncertainty[]): MemoError {
  const found = uncertain.filter(({ kind }) => certaintyOf(kind) === 'untrackable');
  const [first] = found;
  return new MemoError('M4010', `The code of ${name} does what its version cannot see`, {
    because: first === undefined ? '' : `${first.kind}: ${first.message}`,
    fix: `change the code, declare a version on it (version: '1'), or use sourceHash({ onUntrackable: 'warn' })`,
    place: first?.place,
    details: { name, uncertain: found },
  });
}

export function undeclaredEnvironment(name: string, reads: readonly Uncertainty[]): MemoError {
  const names = [...new Set(reads.map(({ kind }) => kind.slice('env:'.length)))];
  return new MemoError('M4010', `The code of ${name} reads environment variables that it does not declare`, {
    because: `${names.join(', ')} may decide what it computes, and ${names.length > 1 ? 'are' : 'is'} no part of its version`,
    fix: `declare ${names.length > 1 ? 'them' : 'it'} on the op (env: [...]), or use sourceHash({ undeclaredEnv: 'warn' })`,
    place: reads[0]?.place,
    details: { name, names },
  });
}

/** What was found, each place once. */
export function uncertaintiesOf(findings: readonly LocatedFinding[]): readonly Uncertainty[] {
  const unique = new Map<string, Uncertainty>();
  for (const { kind, message, place } of findings) {
    const key = `${kind} ${place.file}:${place.line}`;
    if (!unique.has(key)) unique.set(key, { kind, message, place });
  }
  return [...unique.values()];
}

export function absentInclude(path: string): Uncertainty {
  return { kind: 'unresolved-import', message: 'is to be included, but is not there', place: { file: path } };
}

export function unplaced(file: string): Uncertainty {
  const message = 'it cannot be told which part of the file makes the definition: the whole file counts';
  return { kind: 'definition-not-found', message, place: { file } };
}
