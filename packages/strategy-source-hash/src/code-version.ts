import { dirname, resolve } from 'node:path';
import {
  type Certainty,
  type CodeVersion,
  type Json,
  MemoError,
  type OpVersionContext,
  type ResourceVersionContext,
  type Uncertainty,
} from '@memo/core/plugin';
import { ALGORITHM } from './algorithm.ts';
import type { Analysis } from './analysis.ts';
import type { Closure, ClosureReader } from './closure.ts';
import { checkFunction } from './defined-function.ts';
import { type DefinitionFiles, definitionFiles } from './definition-file.ts';
import { definitionManifest } from './definition-manifest.ts';
import { type Digest, digestList } from './digest.ts';
import { certaintyOf } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import type { SourceHashManifest } from './manifest.ts';
import { installedPackageOf } from './package-json.ts';
import { relativePath } from './relative-path.ts';

export interface SourceHashPolicy {
  readonly onUntrackable: 'warn' | 'error' | 'always-run';
  readonly include: readonly string[];
}

type Context = OpVersionContext | ResourceVersionContext;

/** What all ops with the same definition files and policy share. */
export interface Definition {
  readonly digest: Digest;
  readonly nodes: readonly GraphNode[];
  readonly manifest: SourceHashManifest;
  readonly uncertain: readonly Uncertainty[];
  readonly edited: readonly string[];
  readonly loadsLate: boolean;
}

/** The version of one op or resource. */
export function codeVersion(context: Context, reader: ClosureReader, policy: SourceHashPolicy): CodeVersion {
  const name = `${context.kind} ${context.name}`;
  const files = definitionFiles(context.definition, name);
  const key = [...files.files, '', ...policy.include].join('\0');
  const definition = reader.shared(key, () => readDefinition(files.files, reader, policy));
  if (definition.edited.length > 0) throw editedSinceLoaded(name, definition.edited);
  const missing = missingFunctions(context, definition, reader.graph.analysis);
  const uncertain = [...definition.uncertain, ...missing.uncertain, ...unknownCaller(files)];
  const certainty = worstCertainty(uncertain);
  if (certainty === 'untrackable' && policy.onUntrackable === 'error') throw untrackable(name, uncertain);
  const digest = missing.digest === undefined ? definition.digest : digestList([definition.digest, missing.digest]);
  const manifest =
    missing.digest === undefined ? definition.manifest : { ...definition.manifest, function: missing.digest };
  return {
    version: `sh1-${digest}`,
    certainty,
    manifest: manifest as unknown as Json,
    ...(uncertain.length === 0 ? {} : { uncertain }),
    ...(definition.loadsLate ? { loadsLate: true } : {}),
    ...(certainty === 'untrackable' && policy.onUntrackable === 'always-run' ? { volatile: true } : {}),
  };
}

function readDefinition(files: readonly string[], reader: ClosureReader, policy: SourceHashPolicy): Definition {
  const [first = ''] = files;
  const base = reader.graph.manifests.nearest(dirname(first))?.directory ?? dirname(first);
  const included = policy.include.map((path) => resolve(base, path));
  const roots = files.map((file) => rootOf(file, first, reader));
  const extras = included.map((path) => ({ path, closure: reader.of(path) }));
  const closures = [...roots, ...extras].flatMap(({ closure }) => closure ?? []);
  const absent = extras.filter(({ closure }) => closure === undefined).map(({ path }) => path);
  const node = process.versions.node.split('.')[0] ?? '';
  const digest = digestList([
    ALGORITHM,
    node,
    ...roots.map((root) => root.form),
    ...extras.map(({ path, closure }) => `include ${relativePath(base, path)} ${closure?.digest ?? 'absent'}`),
  ]);
  // What is included is for ops to read, whenever they do.
  for (const { closure } of extras) reader.distrustEdited(closure?.edited ?? []);
  const edited = [...roots, ...closures].flatMap((part) => part.edited ?? []);
  const nodes = [...new Set(closures.flatMap((closure) => closure.nodes))];
  const uncertain = [...uncertaintiesOf(closures), ...absent.map(absentInclude)];
  const manifest = definitionManifest(closures, { algorithm: ALGORITHM, node, base, uncertain });
  const loadsLate = included.length > 0 || closures.some((closure) => closure.loadsLate);
  return { digest, nodes, manifest, uncertain, edited, loadsLate };
}

export interface Root {
  readonly form: string;
  readonly closure?: Closure;
  readonly edited?: readonly string[];
}

/** A file of the project is followed; one of an installed package is what the package's version says. */
export function rootOf(file: string, first: string, reader: ClosureReader): Root {
  const place = relativePath(dirname(first), file);
  const installed = reader.graph.packages.packageOf(file);
  if (installed !== undefined) {
    const inside = relativePath(installedPackageOf(file) ?? dirname(file), file);
    const { digest, sources } = reader.graph.packages.tree(installed.directory);
    return { form: `npm ${inside} ${digest}`, edited: sources.filter((source) => reader.graph.edited.has(source)) };
  }
  const closure = reader.of(file);
  return closure === undefined ? { form: `absent ${place}` } : { form: `file ${place} ${closure.digest}`, closure };
}

export function uncertaintiesOf(closures: readonly Closure[]): readonly Uncertainty[] {
  const unique = new Map<string, Uncertainty>();
  for (const { kind, message, place } of closures.flatMap((closure) => closure.findings)) {
    const key = `${kind} ${place.file}:${place.line}`;
    if (!unique.has(key)) unique.set(key, { kind, message, place });
  }
  return [...unique.values()];
}

function absentInclude(path: string): Uncertainty {
  return { kind: 'unresolved-import', message: 'is to be included, but is not there', place: { file: path } };
}

export interface MissingFunctions {
  readonly digest: Digest | undefined;
  readonly uncertain: readonly Uncertainty[];
}

/** The code of functions that are not found in the files counts by itself, so that an edit of it is never missed. */
export function missingFunctions(
  context: Context,
  definition: Pick<Definition, 'nodes'>,
  analysis: Analysis,
): MissingFunctions {
  const functions = context.kind === 'op' ? [context.run] : [context.setup, context.teardown];
  const digests = functions.flatMap((run) => {
    const check = run === undefined ? undefined : checkFunction(run, definition.nodes, analysis);
    return check === undefined || check.found ? [] : [check.digest];
  });
  if (digests.length === 0) return { digest: undefined, uncertain: [] };
  const message =
    'the function in memory is not found in the files that define it (generated, bound, native or rewritten by a runner): its own text counts, not what it captured';
  const place = context.definition.frames[0];
  return {
    digest: digestList(digests),
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
  return certainties.length > 0 ? 'assumed' : 'exact';
}

export function editedSinceLoaded(name: string, edited: readonly string[]): MemoError {
  const [file = ''] = edited;
  const others = edited.length > 1 ? ` and ${edited.length - 1} other files were` : ' was';
  return new MemoError('M4007', `${name} has no version: ${file}${others} edited since loaded`, {
    because: 'a version stands for the code in memory, and the file may now hold other code',
    fix: 'restart the process',
    place: { file },
    details: { name, files: edited },
  });
}

function untrackable(name: string, uncertain: readonly Uncertainty[]): MemoError {
  const found = uncertain.filter(({ kind }) => certaintyOf(kind) === 'untrackable');
  const [first] = found;
  return new MemoError('M4010', `The code of ${name} does what its version cannot see`, {
    because: first === undefined ? '' : `${first.kind}: ${first.message}`,
    fix: `change the code, declare a version on it (version: '1'), or use sourceHash({ onUntrackable: 'warn' })`,
    place: first?.place,
    details: { name, uncertain: found },
  });
}
