import type { CodeChange, CodeVersion, Json, Uncertainty, VersionStrategy } from '../definitions/version-strategy.ts';
import { sha256 } from '../hash/digest.ts';
import { type Answer, answersOf, type Question, strategyOf } from './ask-strategy.ts';
import { type AttributedVersion, attributed, checkParts, composedId, composedStrategy } from './composed-strategy.ts';
import { part } from './record-key.ts';

/**
 * A strategy whose versions are made of those of several: an op runs again when any of them changes. An op that one of them gives no
 * version has none; for resources, strategies without `getResourceVersion` are left out. It is as sure as the least sure of them.
 *
 * `combine(sourceHash(), imageDigest())`
 */
export function combine(...strategies: readonly [VersionStrategy, ...VersionStrategy[]]): VersionStrategy {
  checkParts('combine', strategies);
  if (strategies.length === 0) throw new TypeError('combine: takes at least one version strategy.');
  const id = composedId('combine', strategies);
  const diffManifests = (before: Json, after: Json): readonly CodeChange[] => diff(strategies, before, after);
  return composedStrategy({ id, diffManifests }, async (questions) => {
    const answers = await Promise.all(strategies.map((strategy) => answersOf(strategy, questions)));
    return questions.map((question, index) =>
      combined(strategies.flatMap((strategy, at) => contribution(strategy, question, answers[at]?.[index]))),
    );
  });
}

/** What a strategy says of one op or resource: nothing where it does not speak of resources at all. */
function contribution(
  strategy: VersionStrategy,
  question: Question,
  answer: Answer,
): readonly (AttributedVersion | undefined)[] {
  const isSilent = question.kind === 'resource' && strategy.getResourceVersion === undefined && answer === undefined;
  return isSilent ? [] : [attributed(answer, strategy, question)];
}

function combined(answers: readonly (AttributedVersion | undefined)[]): CodeVersion | undefined {
  const codes = answers.filter((answer) => answer !== undefined);
  if (codes.length === 0 || codes.length < answers.length) return undefined;
  const key = codes.map(({ by, version }) => part(by) + part(version)).join('');
  const manifest = codes.map((code) => ({
    by: code.by,
    version: code.version,
    ...(code.manifest === undefined ? {} : { manifest: code.manifest }),
  }));
  const uncertain = distinct(codes.flatMap((code) => code.uncertain ?? []));
  return {
    version: `c1-${sha256(`memo.combined-version/1;${key}`)}`,
    certainty: leastCertain(codes),
    manifest,
    ...(uncertain.length === 0 ? {} : { uncertain }),
    ...(codes.some((code) => code.volatile === true) ? { volatile: true } : {}),
    ...(codes.some((code) => code.loadsLate === true) ? { loadsLate: true } : {}),
  };
}

function leastCertain(codes: readonly CodeVersion[]): 'exact' | 'assumed' | 'untrackable' {
  const found = new Set(codes.map(({ certainty }) => certainty));
  return found.has('untrackable') ? 'untrackable' : found.has('assumed') ? 'assumed' : 'exact';
}

/** Two strategies that read the same code see the same in it. */
function distinct(uncertain: readonly Uncertainty[]): readonly Uncertainty[] {
  return [...new Map(uncertain.map((one) => [JSON.stringify(one), one])).values()];
}

interface Part {
  readonly by: string;
  readonly version: string;
  readonly manifest?: Json;
}

function diff(strategies: readonly VersionStrategy[], before: Json, after: Json): readonly CodeChange[] {
  const [olds, news] = [partsOf(before), partsOf(after)];
  const length = Math.max(olds.length, news.length);
  return Array.from({ length }, (_, index) => diffPart(strategies, olds[index], news[index])).flat();
}

function diffPart(strategies: readonly VersionStrategy[], before: Part | undefined, after: Part | undefined) {
  if (before?.by !== after?.by) return [change('strategy', after?.by ?? before?.by ?? '', [before?.by, after?.by])];
  if (before === undefined || after === undefined || before.version === after.version) return [];
  const giver = strategies.map((strategy) => strategyOf(strategy, after.by)).find((found) => found !== undefined);
  const told =
    before.manifest === undefined || after.manifest === undefined
      ? undefined
      : giver?.diffManifests?.(before.manifest, after.manifest);
  return told !== undefined && told.length > 0 ? told : [change('version', after.by, [before.version, after.version])];
}

function change(what: string, name: string, [before, after]: readonly [string | undefined, string | undefined]) {
  const how = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const sides = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  return { what, name, how, ...sides } satisfies CodeChange;
}

/** The parts of a manifest; of anything else none, because stores are not trusted. */
function partsOf(manifest: Json): readonly Part[] {
  return Array.isArray(manifest) ? manifest.filter(isPart) : [];
}

function isPart(value: unknown): value is Part {
  const { by, version } = (value ?? {}) as Partial<Record<keyof Part, unknown>>;
  return typeof by === 'string' && typeof version === 'string';
}
