import { placeOf } from '../definitions/definition-site.ts';
import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { ResourceDefinition } from '../definitions/resource.ts';
import type {
  Certainty,
  CodeVersion,
  Json,
  OpVersionContext,
  ResourceVersionContext,
  Uncertainty,
  VersionStrategy,
} from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { checkVersion } from '../hash/version.ts';
import type { ConfigValue } from '../trace/config-value.ts';
import { type Answer, answersOf, type Question } from './ask-strategy.ts';

/** The version of an op's or resource's code, checked, with who gave it. */
export interface ResolvedCode {
  /** `undefined`: nothing gives it a version. */
  readonly version: string | undefined;
  /** `declared`, or the id of the strategy. */
  readonly by: string;
  readonly certainty: Certainty;
  readonly uncertain: readonly Uncertainty[];
  readonly volatile: boolean;
  /** See {@link CodeVersion.loadsLate}. */
  readonly loadsLate: boolean;
  readonly manifest: Json | undefined;
}

/** A resource with the config that the job or run gives it. */
export interface ConfiguredResource {
  readonly definition: ResourceDefinition;
  readonly config: ConfigValue;
}

/** Asks for the versions of ops and resources: declared ones first, all others from the strategy at once. */
export async function resolveCode(
  strategy: VersionStrategy | undefined,
  ops: readonly OpDefinition[],
  resources: readonly ConfiguredResource[],
): Promise<readonly ResolvedCode[]> {
  const questions = questionsOf(ops, resources);
  const open = questions.filter((question) => question.declared === undefined);
  const answers = strategy === undefined ? open.map(() => undefined) : await answersOf(strategy, open);
  const given = new Map(open.map((question, index) => [question, answers[index]]));
  return questions.map((question) => {
    if (question.declared !== undefined) return declared(question, question.declared);
    return checked(question, strategy?.id ?? 'none', given.get(question));
  });
}

/** What a strategy is asked about ops, then resources. */
export function questionsOf(
  ops: readonly OpDefinition[],
  resources: readonly ConfiguredResource[],
): readonly Question[] {
  return [...ops.map(askOp), ...resources.map(askResource)];
}

function askOp(op: OpDefinition): Question {
  const { name, run, version, env, site } = op;
  return {
    kind: 'op',
    namespace: namespaceOf(op),
    name,
    run: run as OpVersionContext['run'],
    declared: version,
    ...(env.length > 0 && { env: env.map((variable) => variable.name) }),
    definition: site,
  };
}

function askResource({ definition, config }: ConfiguredResource): Question {
  const { name, setup, teardown, version, site } = definition;
  return {
    kind: 'resource',
    name,
    setup: (setup ?? NO_SETUP) as ResourceVersionContext['setup'],
    teardown: teardown as ResourceVersionContext['teardown'],
    config: config.visible,
    declared: typeof version === 'function' ? declaredBy(definition, version, config) : version,
    definition: site,
  };
}

const NO_SETUP = (): void => undefined;

function declaredBy(definition: ResourceDefinition, version: (config: never) => string, config: ConfigValue): string {
  try {
    return version(config.fresh() as never);
  } catch (cause) {
    throw new MemoError('M4005', `The version function of resource "${definition.name}" threw: ${messageOf(cause)}`, {
      fix: 'Make it return a text for every valid config.',
      place: placeOf(definition.site),
      cause,
    });
  }
}

function declared(question: Question, version: string): ResolvedCode {
  const checkedVersion = checkVersion(version, `the declaration of ${question.kind} "${question.name}"`);
  return {
    version: checkedVersion,
    by: 'declared',
    certainty: 'exact',
    uncertain: [],
    volatile: false,
    loadsLate: false,
    manifest: undefined,
  };
}

function checked(question: Question, by: string, answer: Answer): ResolvedCode {
  if (answer === undefined) {
    return {
      version: undefined,
      by,
      certainty: 'untrackable',
      uncertain: [],
      volatile: false,
      loadsLate: false,
      manifest: undefined,
    };
  }
  const code: CodeVersion = typeof answer === 'string' ? { version: answer } : answer;
  const giver = code?.by ?? by;
  return {
    version: checkVersion(code?.version, `strategy "${giver}" for ${question.kind} "${question.name}"`),
    by: giver,
    certainty: code.certainty ?? 'exact',
    uncertain: code.uncertain ?? [],
    volatile: code.volatile ?? false,
    loadsLate: code.loadsLate ?? false,
    manifest: code.manifest,
  };
}
