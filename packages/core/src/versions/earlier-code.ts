import type { JobDefinition } from '../definitions/job-definition.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { PreviousVersions, VersionStrategy } from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { checkVersion } from '../hash/version.ts';
import { type Question, strategyOf } from './ask-strategy.ts';
import { questionsOf, type ResolvedCode } from './code-versions.ts';
import { ingredientsOf, type JobCode } from './job-code.ts';
import type { PlannedResources } from './planned-resources.ts';
import type { OpIngredients } from './version-inputs.ts';

/** What the code of a job was called by earlier algorithms of its strategies. */
export interface EarlierCode {
  /** The ids of the strategies then, for people. */
  readonly from: string;
  /** The ids now. */
  readonly to: string;
  readonly ops: ReadonlyMap<OpDefinition, OpIngredients>;
}

/**
 * The versions that earlier algorithms give the code as it is, newest algorithm first; empty where no strategy has one.
 *
 * @throws MemoError M4003, M4005 for a strategy that fails or gives no versions.
 */
export async function earlierCode(
  job: JobDefinition,
  resources: PlannedResources,
  code: JobCode,
): Promise<readonly EarlierCode[]> {
  if (job.versions === undefined) return [];
  const ops = [...code.resolved.keys()];
  const own = [...resources.values()].filter(({ provided }) => provided === undefined);
  const now = [
    ...ops.map((op) => code.resolved.get(op) as ResolvedCode),
    ...own.map(({ name }) => code.resources.get(name) as ResolvedCode),
  ];
  const earlier = await askAll(job.versions, questionsOf(ops, own), now);
  const most = Math.max(0, ...[...earlier.values()].map(({ length }) => length));
  return Array.from({ length: most }, (_none, level) => {
    const then = now.map((given, index) => earlier.get(index)?.[level] ?? given);
    const changed = then.flatMap((given, index) => (given === now[index] ? [] : [index]));
    const names = (all: readonly ResolvedCode[]): string => [...new Set(changed.map((at) => all[at]?.by))].join(', ');
    return { from: names(then), to: names(now), ops: ingredientsOf({ ops, own, resolved: then, resources }) };
  });
}

/** By index of the question, what it was answered, newest first. */
async function askAll(
  strategy: VersionStrategy,
  questions: readonly Question[],
  now: readonly ResolvedCode[],
): Promise<ReadonlyMap<number, readonly ResolvedCode[]>> {
  const byGiver = new Map<VersionStrategy, number[]>();
  for (const [index, { by, version }] of now.entries()) {
    const giver = version === undefined ? undefined : strategyOf(strategy, by);
    if (giver?.previous !== undefined) byGiver.set(giver, [...(byGiver.get(giver) ?? []), index]);
  }
  const earlier = new Map<number, ResolvedCode[]>();
  for (const [giver, indices] of byGiver) {
    const asked = indices.map((index) => questions[index] as Question);
    for (const { id, versions } of await askOne(giver, asked)) {
      for (const [at, index] of indices.entries()) {
        const answer = versions[at];
        const version = typeof answer === 'string' ? answer : answer?.version;
        if (version === undefined) continue;
        const checked = checkVersion(version, `strategy "${id}" for ${asked[at]?.kind} "${asked[at]?.name}"`);
        const given = { ...(now[index] as ResolvedCode), version: checked, by: id };
        earlier.set(index, [...(earlier.get(index) ?? []), given]);
      }
    }
  }
  return earlier;
}

async function askOne(giver: VersionStrategy, questions: readonly Question[]): Promise<readonly PreviousVersions[]> {
  try {
    return (await giver.previous?.(questions)) ?? [];
  } catch (cause) {
    if (MemoError.is(cause)) throw cause;
    throw new MemoError('M4005', `Version strategy "${giver.id}" cannot give earlier versions: ${messageOf(cause)}`, {
      fix: 'Fix `previous` of the strategy, or remove it: results of earlier algorithms are then computed again.',
      cause,
    });
  }
}
