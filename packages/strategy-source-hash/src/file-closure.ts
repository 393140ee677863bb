import { dirname } from 'node:path';
import type { Certainty, OpVersionContext, ResourceVersionContext, Uncertainty } from '@memo/core/plugin';
import type { Closure, ClosureReader } from './closure.ts';
import { definitionFiles } from './definition-file.ts';
import { packageVersions } from './definition-manifest.ts';
import {
  editedSinceLoaded,
  missingFunctions,
  uncertaintiesOf,
  unknownCaller,
  worstCertainty,
} from './definition-notes.ts';
import { byCodeUnits, digestList } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import { answersIn, askRemembering, type LoadedCodeOptions, outcomesOf } from './loaded-code.ts';
import { forgetLooks } from './loaded-files.ts';
import { asksMachine, digestWithAnswers, machineAnswers } from './machine-values.ts';
import { installedPackageOf } from './package-json.ts';
import { Questions } from './questions.ts';
import { relativePath } from './relative-path.ts';
import type { StoredValues } from './shared-values.ts';
import { areTexts, areUncertainties, isDigest, isText } from './stored-facts.ts';

/** The files that the code of one op or resource was loaded from: the file that defines it, and all that it reaches. */
export interface FileClosure {
  /** Absolute real paths, those of the definition first. Files of installed packages are not among them. */
  readonly files: readonly string[];
  /** Name → versions, for the installed packages that are reached. */
  readonly packages: Readonly<Record<string, string>>;
  /**
   * A digest of what decides behaviour beside the bytes of the files: what their imports lead to, installed packages and how these are
   * wired, compiler options, module types, what the machine answers where code asks it as it is loaded, and the function in memory where it is not found in the files. The place of the checkout does
   * not count.
   */
  readonly surroundings: string;
  readonly certainty: Certainty;
  /** What reading source cannot see, with places. */
  readonly uncertain: readonly Uncertainty[];
  /** As in a code version: some of it may be loaded only while the op runs. */
  readonly loadsLate: boolean;
}

type Context = OpVersionContext | ResourceVersionContext;

/**
 * The files behind ops and resources, in order, for strategies that give files a version of their own. They are those that this process
 * loaded: what was edited since has no closure. A strategy that reads the files itself asks again after it has, and goes on when the
 * answer is the same.
 *
 * Throws M4007 when a file was edited after this process loaded it, and M4009 when an op is not defined in a file.
 */
export function fileClosures(contexts: readonly Context[], options: LoadedCodeOptions = {}): readonly FileClosure[] {
  forgetLooks();
  const found = askRemembering<FileClosure>(options, {
    questions: new Questions('files', contexts, []),
    isWhole: true,
    answer: (reader) => outcomesOf(contexts, (context) => fileClosure(context, reader)),
    store: storedClosure,
    restore: (stored, _at, { shared }) => closureFrom(stored, shared),
  });
  return answersIn(found).map(onThisMachine);
}

/** What is asked of the machine counts by its answers, which are not remembered. */
function onThisMachine(closure: FileClosure): FileClosure {
  if (!closure.uncertain.some(asksMachine)) return closure;
  const uncertain = closure.uncertain.filter((one) => !asksMachine(one));
  const surroundings = digestWithAnswers(closure.surroundings, machineAnswers(closure.uncertain));
  return { ...closure, surroundings, uncertain, certainty: worstCertainty(uncertain) };
}

function fileClosure(context: Context, reader: ClosureReader): FileClosure {
  const name = `${context.kind} ${context.name}`;
  for (const { file } of context.definition.frames) reader.noteDefinition(file);
  const definition = definitionFiles(context.definition, name);
  const loaded = reader.shared(`closure ${definition.files.join('\0')}`, () => loadedFrom(definition.files, reader));
  if (loaded.edited.length > 0) throw editedSinceLoaded(name, loaded.edited);
  const missing = missingFunctions(context, loaded, reader.graph.analysis);
  const more = [...missing.uncertain, ...unknownCaller(definition)];
  const uncertain = more.length === 0 ? loaded.uncertain : [...loaded.uncertain, ...more];
  return {
    files: loaded.files,
    packages: loaded.packages,
    surroundings:
      missing.digest === undefined ? loaded.surroundings : digestList([loaded.surroundings, missing.digest]),
    certainty: worstCertainty(uncertain),
    uncertain,
    loadsLate: loaded.loadsLate,
  };
}

function storedClosure(closure: FileClosure, share: (value: unknown) => number): unknown {
  const { surroundings, certainty, loadsLate, files, packages, uncertain } = closure;
  return [surroundings, certainty, loadsLate, share(files), share(packages), share(uncertain)];
}

function closureFrom(stored: unknown, shared: StoredValues): FileClosure | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [surroundings, certainty, loadsLate] = stored as unknown[];
  const files = shared.of(stored[3], areTexts);
  const packages = shared.of(stored[4], isRecordOfTexts);
  const uncertain = shared.of(stored[5], areUncertainties);
  const isWhole =
    isDigest(surroundings) &&
    isCertainty(certainty) &&
    typeof loadsLate === 'boolean' &&
    files !== undefined &&
    packages !== undefined &&
    uncertain !== undefined;
  return isWhole ? { surroundings, certainty, loadsLate, files, packages, uncertain } : undefined;
}

function isCertainty(value: unknown): value is Certainty {
  return value === 'exact' || value === 'assumed' || value === 'untrackable';
}

function isRecordOfTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isText);
}

/** What all definitions of the same files share. */
interface Loaded extends Omit<FileClosure, 'certainty'> {
  readonly nodes: readonly GraphNode[];
  readonly edited: readonly string[];
}

function loadedFrom(definition: readonly string[], reader: ClosureReader): Loaded {
  const [first = ''] = definition;
  const roots = definition.map((file) => rootOf(file, first, reader));
  const closures = roots.flatMap(({ closure }) => closure ?? []);
  const nodes = [...new Set(closures.flatMap((closure) => closure.nodes))];
  return {
    files: [...new Set(nodes.flatMap((node) => (node.kind === 'directory' ? node.sources : [node.path])))],
    packages: packageVersions(new Set(closures.flatMap((closure) => [...closure.packages]))),
    surroundings: digestList([...foreignForms(roots), ...surroundingsOf(nodes, dirname(first))]),
    uncertain: uncertaintiesOf(closures.flatMap((closure) => closure.findings)),
    loadsLate: closures.some((closure) => closure.loadsLate),
    nodes,
    edited: [...roots, ...closures].flatMap((part) => part.edited ?? []),
  };
}

/** Definitions in installed packages, and such whose file is gone. */
function foreignForms(roots: readonly ReturnType<typeof rootOf>[]): readonly string[] {
  return roots.map(({ form, closure }) => (closure === undefined ? form : 'followed'));
}

function surroundingsOf(nodes: readonly GraphNode[], base: string): readonly string[] {
  return nodes.map(({ path, surroundings }) => `${relativePath(base, path)} ${surroundings ?? ''}`).sort(byCodeUnits);
}

interface Root {
  readonly form: string;
  readonly closure?: Closure;
  readonly edited?: readonly string[];
}

/** A file of the project is followed; one of an installed package is what the package's version says. */
function rootOf(file: string, first: string, reader: ClosureReader): Root {
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
