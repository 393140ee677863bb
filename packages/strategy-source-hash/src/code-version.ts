import { dirname } from 'node:path';
import type {
  Certainty,
  CodeVersion,
  Json,
  OpVersionContext,
  ResourceVersionContext,
  Uncertainty,
} from '@memo/core/plugin';
import { ALGORITHM } from './algorithm.ts';
import { bundledVersion } from './bundled-versions.ts';
import type { ClosureReader } from './closure.ts';
import type { FunctionPlaces } from './defined-function.ts';
import { type DefinitionFiles, definitionFiles } from './definition-file.ts';
import { definitionManifest } from './definition-manifest.ts';
import {
  editedSinceLoaded,
  type MissingFunctions,
  missingFunctions,
  uncertaintiesOf,
  undeclaredEnvironment,
  unknownCaller,
  unplaced,
  untrackable,
  worstCertainty,
} from './definition-notes.ts';
import { byCodeUnits, type Digest, digestList } from './digest.ts';
import { type Included, readIncluded } from './included.ts';
import { manifestOnMachine } from './later-manifest.ts';
import { asksMachine, digestWithAnswers, machineAnswers } from './machine-values.ts';
import type { SourceHashManifest } from './manifest.ts';
import type { Overrides, OverridesByOp } from './overrides.ts';
import { installedPackageOf } from './package-json.ts';
import { relativePath } from './relative-path.ts';
import { Declarations } from './slice/declarations.ts';
import { type DefinitionRoots, definitionRoots } from './slice/definition-roots.ts';
import type { Slice } from './slice/slice.ts';
import { digestOfSlice, type SliceAnswer } from './slice/slice-reader.ts';
import type { UnitTexts } from './unit-texts.ts';

export interface SourceHashPolicy {
  readonly onUntrackable: 'warn' | 'error' | 'always-run';
  readonly overrides: OverridesByOp;
  readonly undeclaredEnv: 'warn' | 'error';
  /** True where other machines than this one will use the versions: what this one answers is no part of them then. */
  readonly isForOthers?: boolean;
}

type Context = OpVersionContext | ResourceVersionContext;

/** What is known of a definition from its files. */
interface Definition {
  readonly digest: Digest;
  readonly functions: FunctionPlaces;
  readonly manifest: SourceHashManifest;
  readonly uncertain: readonly Uncertainty[];
  readonly edited: readonly string[];
  readonly loadsLate: boolean;
  /** What alone decides the digest; `undefined` where something else does, too. */
  readonly slice: Slice | undefined;
}

/** The code of one op or resource, before anything is decided about it. */
export type CodeAnswer =
  | {
      readonly digest: Digest;
      /** All that there is to say, declared variables included. */
      readonly uncertain: readonly Uncertainty[];
      readonly loadsLate: boolean;
      readonly manifest: SourceHashManifest;
      /** What alone decides the digest, by {@link digestOfCode}; `undefined` where something else does, too. */
      readonly slice?: Slice | undefined;
    }
  /** It has no sources, but a version that was written down. */
  | { readonly bundled: CodeVersion };

/**
 * What the files say about the code of one op or resource.
 *
 * @throws MemoError M4007, M4009.
 */
export function codeAnswer(context: Context, reader: ClosureReader, overrides: Overrides): CodeAnswer {
  const name = `${context.kind} ${context.name}`;
  for (const { file } of context.definition.frames) reader.noteDefinition(file);
  const files = definitionFiles(context.definition, name);
  const bundled = bundledVersion(context, files.files[0]);
  if (bundled !== undefined) return { bundled };
  const { definition, missing } = findDefinition(context, files, { reader, overrides });
  if (definition.edited.length > 0) throw editedSinceLoaded(name, definition.edited);
  const more = [...missing.uncertain, ...unknownCaller(files)];
  return {
    digest: missing.digest === undefined ? definition.digest : digestList([definition.digest, missing.digest]),
    uncertain: more.length === 0 ? definition.uncertain : [...definition.uncertain, ...more],
    loadsLate: definition.loadsLate,
    manifest: missing.digest === undefined ? definition.manifest : { ...definition.manifest, function: missing.digest },
    slice: missing.areInPlace ? definition.slice : undefined,
  };
}

/** The digest of code that nothing but a slice decides. */
export function digestOfCode(slice: Digest): Digest {
  return digestList([ALGORITHM, nodeMajor(), digestOfSlice(slice, [])]);
}

function nodeMajor(): string {
  return process.versions.node.split('.')[0] ?? '';
}

/**
 * The version of one op or resource.
 *
 * @throws MemoError M4010.
 */
export function codeVersion(context: Context, answer: CodeAnswer, policy: SourceHashPolicy): CodeVersion {
  if ('bundled' in answer) return { ...answer.bundled, ...volatility(answer.bundled.certainty, policy) };
  const name = `${context.kind} ${context.name}`;
  const late = answer.loadsLate ? LATE : undefined;
  if (answer.uncertain.length === 0) {
    const manifest = answer.manifest as unknown as Json;
    return { version: `sh3-${answer.digest}`, certainty: 'exact', manifest, ...late };
  }
  const { digest, manifest, said } = policy.isForOthers === true ? saidOnly(answer) : onThisMachine(answer);
  const uncertain = said.filter(({ kind }) => !isDeclared(kind, context));
  const certainty = worstCertainty(uncertain);
  if (certainty === 'untrackable' && policy.onUntrackable === 'error') throw untrackable(name, uncertain);
  const undeclared = uncertain.filter(({ kind }) => kind.startsWith('env:'));
  if (undeclared.length > 0 && policy.undeclaredEnv === 'error') throw undeclaredEnvironment(name, undeclared);
  return {
    version: `sh3-${digest}`,
    certainty,
    manifest: manifest as unknown as Json,
    ...(uncertain.length === 0 ? {} : { uncertain }),
    ...late,
    ...volatility(certainty, policy),
  };
}

type WithSources = Exclude<CodeAnswer, { bundled: unknown }>;

/** What is to be said of an answer, and what it is without that. */
interface Said extends Pick<WithSources, 'digest' | 'manifest'> {
  readonly said: readonly Uncertainty[];
}

function saidOnly({ digest, manifest, uncertain }: WithSources): Said {
  return { digest, manifest, said: uncertain };
}

/** What is asked of the machine counts by what this one answers. */
function onThisMachine(answer: WithSources): Said {
  if (!answer.uncertain.some(asksMachine)) return saidOnly(answer);
  const answers = machineAnswers(answer.uncertain);
  return {
    digest: digestWithAnswers(answer.digest, answers),
    manifest: manifestOnMachine(answer.manifest, answers),
    said: answer.uncertain.filter((one) => !asksMachine(one)),
  };
}

const LATE = { loadsLate: true } as const;

function volatility(certainty: Certainty | undefined, { onUntrackable }: SourceHashPolicy): { volatile?: boolean } {
  return certainty === 'untrackable' && onUntrackable === 'always-run' ? { volatile: true } : {};
}

/** The value of a variable that an op declares is part of the version of each step. */
function isDeclared(kind: string, context: Context): boolean {
  return context.kind === 'op' && (context.env ?? []).some((name) => kind === `env:${name}`);
}

/** Reads what a definition leads to, where it is known. */
export function loadDefinition({ definition }: Context, { graph, slices }: ClosureReader): void {
  const files = new Set(definition.frames.map(({ file }) => file));
  for (const file of files) if (graph.packages.packageOf(file) === undefined) slices.load(file);
}

interface Source {
  readonly reader: ClosureReader;
  readonly overrides: Overrides;
}

/** A function that is not where its definition should be may come from anywhere in the files: then they count as a whole. */
function findDefinition(
  context: Context,
  files: DefinitionFiles,
  source: Source,
): { readonly definition: Definition; readonly missing: MissingFunctions } {
  const { analysis } = source.reader.graph;
  const placed = definitionOf(context.name, files, source);
  const missing = missingFunctions(context, placed.functions, analysis);
  if (missing.digest === undefined) return { definition: placed, missing };
  const whole = definitionOf(context.name, { ...files, frames: files.frames.map(anywhere) }, source);
  const uncertain = whole.uncertain.filter(({ kind }) => kind !== 'definition-not-found');
  const definition = { ...whole, uncertain };
  return { definition, missing: missingFunctions(context, definition.functions, analysis) };
}

function anywhere<T extends object>(frame: T): T {
  return { ...frame, positions: [], isNamed: true };
}

function definitionOf(name: string, files: DefinitionFiles, source: Source): Definition {
  const places = files.frames.map(({ file, positions }) => `${file}:${JSON.stringify(positions)}`);
  const key = [name, ...places, '', JSON.stringify(source.overrides)].join('\0');
  return source.reader.shared(key, () => readDefinition(name, files, source));
}

function readDefinition(name: string, { files, frames }: DefinitionFiles, { reader, overrides }: Source): Definition {
  const { graph, slices } = reader;
  const [first = ''] = files;
  const base = graph.manifests.nearest(dirname(first))?.directory ?? dirname(first);
  const own = frames.filter(({ file }) => graph.packages.packageOf(file) === undefined);
  // Outermost first: that is the module which loads the others.
  const loaded = [...new Set(own.map(({ file }) => file))].reverse();
  const roots = definitionRoots(own, name, { linker: slices.linker, node: (path) => graph.node(path) });
  const answer = slices.of(roots.targets, loaded, declarationsOf(overrides, base, reader));
  const included = readIncluded(overrides.include, base, reader);
  const installed = files.flatMap((file) => installedRoot(file, reader));
  const node = nodeMajor();
  const more = [...installed.map(({ form }) => form), ...included.forms];
  const digest = digestList([ALGORITHM, node, answer.digest, ...more]);
  const isPlain = more.length === 0 && overrides.exclude.length + overrides.assumePure.length === 0;
  const uncertain = [
    ...uncertaintiesOf(answer.findings),
    ...included.uncertain,
    ...roots.unplaced.map(unplaced),
    ...answer.notes,
  ];
  const manifest = manifestOf(answer, { node, base, uncertain, included, texts: reader.texts });
  const edited = [included, ...installed, ...reader.editedAmong(loaded)].flatMap((part) => part.edited);
  const loadsLate = overrides.include.length > 0 || reader.loadsLate(loaded);
  const slice = isPlain ? answer.slice : undefined;
  return { digest, functions: placesOf(answer.slice, roots), manifest, uncertain, edited, loadsLate, slice };
}

/** One for all ops under the same declarations: what code they name is found once. */
function declarationsOf(overrides: Overrides, base: string, reader: ClosureReader): Declarations {
  const { exclude, assumePure } = overrides;
  const key = `declarations\0${base}\0${JSON.stringify([exclude, assumePure])}`;
  return reader.shared(key, () => new Declarations(overrides, base, reader.graph.manifests));
}

function manifestOf({ slice, declared }: SliceAnswer, { included, ...facts }: ManifestFacts): SourceHashManifest {
  const env = facts.uncertain.flatMap(({ kind }) => (kind.startsWith('env:') ? [kind.slice('env:'.length)] : []));
  return definitionManifest(slice, {
    algorithm: ALGORITHM,
    ...facts,
    env: [...new Set(env)].sort(byCodeUnits),
    included: included.nodes,
    packages: included.packages,
    declared,
  });
}

interface ManifestFacts {
  readonly node: string;
  readonly base: string;
  readonly uncertain: readonly Uncertainty[];
  readonly included: Included;
  readonly texts: UnitTexts | undefined;
}

/** Where the functions of a definition may stand: in any file of its slice. Most are found where the definition is, without a look at others. */
function placesOf(slice: Slice, { op }: DefinitionRoots): FunctionPlaces {
  return {
    get nodes() {
      return [...new Set(slice.parts.flatMap((part) => (part.kind === 'unit' ? [part.file] : [])))];
    },
    ...(op !== undefined && { outlines: op.outlines }),
  };
}

/** A file of an installed package is what the package's version says. */
function installedRoot(
  file: string,
  { graph }: ClosureReader,
): readonly { readonly form: string; readonly edited: readonly string[] }[] {
  const installed = graph.packages.packageOf(file);
  if (installed === undefined) return [];
  const inside = relativePath(installedPackageOf(file) ?? dirname(file), file);
  const { digest, sources } = graph.packages.tree(installed.directory);
  return [{ form: `npm ${inside} ${digest}`, edited: sources.filter((source) => graph.edited.has(source)) }];
}
