import type { OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import type { ClosureReader } from './closure.ts';
import { type CodeAnswer, codeAnswer, digestOfCode, loadDefinition } from './code-version.ts';
import { lazyManifest, type SlicedParts } from './definition-manifest.ts';
import { jsonProperty } from './json-form.ts';
import { laterManifest } from './later-manifest.ts';
import { askLoadedCode, type Inquiry, type KnownOfAnswers, type LoadedCodeOptions, outcomesOf } from './loaded-code.ts';
import type { SourceHashManifest } from './manifest.ts';
import type { Overrides, OverridesByOp } from './overrides.ts';
import { Questions } from './questions.ts';
import type { StoredValues } from './shared-values.ts';
import { definitionsAgain, storedDefinition } from './stored-definition.ts';
import { areUncertainties, isDigest, isListOf, isText } from './stored-facts.ts';

type Context = OpVersionContext | ResourceVersionContext;

export interface CodeInquiryOptions extends LoadedCodeOptions {
  readonly overrides: OverridesByOp;
  readonly isWhole: boolean;
}

/** Asks for the code of ops and resources. */
export function codeInquiry(contexts: readonly Context[], options: CodeInquiryOptions): Inquiry<CodeAnswer> {
  const { overrides, isWhole } = options;
  const declared = contexts.map((context) => overrides.for(context));
  const answer = (at: number, reader: ClosureReader): CodeAnswer =>
    codeAnswer(contexts[at] as Context, reader, declared[at] as (typeof declared)[number]);
  const load = (reader: ClosureReader): void => {
    for (const context of contexts) loadDefinition(context, reader);
  };
  const texts = declared.map(declarationText());
  const asked = contexts.map((context, at) => ({ context, declared: texts[at] ?? '' }));
  const later = laterReader(options, load);
  return {
    questions: new Questions('code', contexts, texts),
    isWhole,
    answer(reader) {
      load(reader);
      return outcomesOf(contexts.keys(), (at) => answer(at, reader));
    },
    slices: {
      answer,
      of: (found) => ('bundled' in found ? undefined : found.slice),
      definition(at, { graph }) {
        const isSource = (path: string): boolean => graph.packages.packageOf(path) === undefined;
        return storedDefinition(asked[at] as (typeof asked)[number], isSource, (path) => graph.node(path)?.facts);
      },
      files: (at) => contexts[at]?.definition.frames.map(({ file }) => file) ?? [],
      isPlain: (stored, shared) => (answerFrom(stored, shared, () => NOTHING)?.uncertain ?? [0]).length === 0,
      define: (before, edits) => definitionsAgain(asked, before, edits),
      amend: (stored, slice) => [digestOfCode(slice), ...(stored as readonly unknown[]).slice(1)],
    },
    store: storedAnswer,
    restore: (stored, at, { shared, kept }) =>
      answerFrom(stored, shared, (digest) => {
        const asking = (reader: ClosureReader): CodeAnswer => answer(at, reader);
        return partsInKept(digest, kept, asking) ?? slicedAgain(digest, () => asking(later()));
      }),
  };
}

/** What is declared for an op, as text; mostly it is the same for all. */
function declarationText(): (declared: Overrides) => string {
  const texts = new Map<Overrides, string>();
  return (declared) => {
    const text = texts.get(declared) ?? JSON.stringify(declared);
    texts.set(declared, text);
    return text;
  };
}

/** A reader for the parts of remembered answers that are not stored; one for all of them. */
function laterReader(options: LoadedCodeOptions, load: (reader: ClosureReader) => void): () => ClosureReader {
  let reader: ClosureReader | undefined;
  return () => {
    reader ??= askLoadedCode(options, (made) => {
      load(made);
      return made;
    });
    return reader;
  };
}

function storedAnswer(answer: CodeAnswer, share: (value: unknown) => number): unknown {
  if ('bundled' in answer) return undefined;
  const { digest, uncertain, loadsLate, manifest } = answer;
  const { algorithm, node, env, uncertain: kinds, declared, function: loaded } = manifest;
  const said = {
    algorithm,
    node,
    env,
    uncertain: kinds,
    ...(declared && { declared }),
    ...(loaded && { function: loaded }),
  };
  return [digest, loadsLate, share(uncertain), share(said)];
}

function answerFrom(
  stored: unknown,
  shared: StoredValues,
  sliced: (digest: string) => SlicedParts,
): Exclude<CodeAnswer, { bundled: unknown }> | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [digest, loadsLate] = stored as unknown[];
  const uncertain = shared.of(stored[2], areUncertainties);
  const said = shared.of(stored[3], isManifestHead);
  const isWhole = isDigest(digest) && typeof loadsLate === 'boolean' && uncertain !== undefined && said !== undefined;
  if (!isWhole) return undefined;
  const manifest = laterManifest(() => lazyManifest(said, () => sliced(digest)));
  return { digest, loadsLate, uncertain, manifest };
}

const NOTHING: SlicedParts = { files: {}, rest: undefined, assets: {}, packages: {}, order: [] };

/** What the program that was kept says, where that is what the process loaded; `undefined` where it is not known to be. */
function partsInKept(
  digest: string,
  kept: KnownOfAnswers['kept'],
  asking: (reader: ClosureReader) => CodeAnswer,
): SlicedParts | undefined {
  try {
    const reader = kept();
    const answer = reader && asking(reader);
    if (answer === undefined || !('digest' in answer) || answer.digest !== digest) return undefined;
    const { files, rest, assets, packages, order, settings, whole } = answer.manifest;
    // Its parts are read as they are asked for.
    return reader?.graph.edited.size === 0 ? { files, rest, assets, packages, order, settings, whole } : undefined;
  } catch {
    return undefined;
  }
}

/** The long parts of a manifest are found again; of code that was edited meanwhile nothing can be named. */
function slicedAgain(digest: string, again: () => CodeAnswer): SlicedParts {
  try {
    const answer = again();
    return 'digest' in answer && answer.digest === digest ? answer.manifest : NOTHING;
  } catch {
    return NOTHING;
  }
}

type ManifestHead = Omit<SourceHashManifest, keyof SlicedParts>;

function isManifestHead(value: unknown): value is ManifestHead {
  const declared = jsonProperty(value, 'declared');
  const loaded = jsonProperty(value, 'function');
  return (
    isText(jsonProperty(value, 'algorithm')) &&
    isText(jsonProperty(value, 'node')) &&
    isListOf(jsonProperty(value, 'env'), isText) &&
    isListOf(jsonProperty(value, 'uncertain'), isText) &&
    (declared === undefined || isListOf(declared, isText)) &&
    (loaded === undefined || isDigest(loaded))
  );
}
