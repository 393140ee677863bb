import type { JobDefinition } from '../definitions/job-definition.ts';
import type { BundledVersions, VersionStrategy } from '../definitions/version-strategy.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import { failureOf } from './ask-strategy.ts';
import { questionsOf } from './code-versions.ts';
import type { PlannedResources } from './planned-resources.ts';

/**
 * The versions that a bundle of a job's code needs; declared ones are in the code. `undefined` unless exactly one strategy of the job can
 * say them: a bundle could not tell whose they are.
 *
 * @throws MemoError what the strategy throws; M4005.
 */
export async function bundledVersions(
  { versions }: JobDefinition,
  { steps }: ExecutionPlan,
  resources: PlannedResources,
): Promise<BundledVersions | undefined> {
  const [strategy, ...others] = versions === undefined ? [] : bundlers(versions);
  if (strategy?.versionsForBundle === undefined || others.length > 0) return undefined;
  const ops = [...new Set(steps.map(({ op }) => op))];
  const own = [...resources.values()].filter(({ provided }) => provided === undefined);
  const open = questionsOf(ops, own).filter(({ declared }) => declared === undefined);
  try {
    return await strategy.versionsForBundle(open);
  } catch (cause) {
    throw failureOf(strategy, cause);
  }
}

/** Those among a strategy and its parts that can say versions for bundles. */
function bundlers(strategy: VersionStrategy): readonly VersionStrategy[] {
  if (strategy.versionsForBundle !== undefined) return [strategy];
  return [...new Set((strategy.parts ?? []).flatMap(bundlers))];
}
