import type { OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import type { ClosureReader } from './closure.ts';
import { type CodeAnswer, codeAnswer, digestOfCode, loadDefinition } from './code-version.ts';
import { lazyManifest, type SlicedParts } from './definition-manifest.ts';
import { digestList } from './digest.ts';
import { jsonProperty } from './json-form.ts';
import { askLoadedCode, type Inquiry, type LoadedCodeOptions, outcomesOf } from './loaded-code.ts';
import type { SourceHashManifest } from './manifest.ts';
import type { OverridesByOp } from './overrides.ts';
import { definitionPaths, questionKey, questionNames } from './question-key.ts';
import { isDigest, isListOf, isText, isUncertainty } from './stored-facts.ts';

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
  const later = laterReader(options, load);
  return {
    name: digestList(['code', ...questionNames(contexts)]),
    keys: contexts.map((context, at) => questionKey(context, JSON.stringify(declared[at]))),
    isWhole,
    answer(reader) {
      load(reader);
      return outcomesOf(contexts.keys(), (at) => answer(at, reader));
    },
    definitions: definitionPaths(contexts),
    slices: {
      of: (found) => ('bundled' in found ? undefined : found.slice),
      amend: (stored, slice) => ({ ...(stored as object), digest: digestOfCode(slice) }),
    },
    store: storedAnswer,
    restore: (stored, at, shared) => answerFrom(stored, shared, () => answer(at, later())),
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
  return { digest, loadsLate, uncertain: share(uncertain), manifest: share(said) };
}

function answerFrom(stored: unknown, shared: readonly unknown[], again: () => CodeAnswer): CodeAnswer | undefined {
  const [digest, loadsLate] = [jsonProperty(stored, 'digest'), jsonProperty(stored, 'loadsLate')];
  const [uncertain, said] = ['uncertain', 'manifest'].map((part) => shared[Number(jsonProperty(stored, part))]);
  const isWhole =
    isDigest(digest) && typeof loadsLate === 'boolean' && isListOf(uncertain, isUncertainty) && isManifestHead(said);
  if (!isWhole) return undefined;
  return { digest, loadsLate, uncertain, manifest: lazyManifest(said, () => slicedAgain(digest, again)) };
}

const NOTHING: SlicedParts = { files: {}, rest: undefined, assets: {}, packages: {}, order: [] };

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
