import type { AnswerLimit } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { VersionStrategy } from '../definitions/version-strategy.ts';
import { MemoError } from '../errors/memo-error.ts';
import { strategyText } from './ask-strategy.ts';
import { type ConfiguredResource, type ResolvedCode, resolveCode } from './code-versions.ts';
import type { JobCode } from './job-code.ts';
import type { PlannedResources } from './planned-resources.ts';

/** What was planned, to compare with. */
export interface PlannedCode {
  readonly strategy: VersionStrategy | undefined;
  readonly code: JobCode;
  readonly resources: PlannedResources;
  readonly limit: AnswerLimit;
}

/**
 * Asks again for the versions of code that may have been loaded after planning; `undefined` where there is none. Called after an op ran, before
 * anything of it is published.
 *
 * @throws MemoError M4007 when a version is another one now; what the strategy throws.
 */
export function confirmLateCode(op: OpDefinition, planned: PlannedCode): Promise<void> | undefined {
  const late = lateResources(op, planned);
  const ops = planned.code.resolved.get(op)?.loadsLate === true ? [op] : [];
  return ops.length + late.length === 0 ? undefined : confirm(op, { ...planned, ops, late });
}

interface LateCode extends PlannedCode {
  readonly ops: readonly OpDefinition[];
  readonly late: readonly ConfiguredResource[];
}

async function confirm(op: OpDefinition, { strategy, code, ops, late, limit }: LateCode): Promise<void> {
  const answers = await limit.of(resolveCode(strategy, ops, late), strategyText(strategy));
  const before = [
    ...ops.map((asked) => code.resolved.get(asked)),
    ...late.map(({ definition }) => code.resources.get(definition.name)),
  ];
  const changed = answers.findIndex((answer, at) => answer.version !== before[at]?.version);
  if (changed === -1) return;
  throw new MemoError('M4007', `Code that op "${op.name}" loads while it runs was edited after the run was planned.`, {
    because:
      'What ran may be neither the code that was planned nor the one that is there now, so its result is not kept.',
    fix: 'Run the job again.',
    place: placeOf(op.site),
    details: { op: op.name },
  });
}

/** The resources that an op requires, directly or through others, whose code may be loaded late. */
function lateResources(op: OpDefinition, { code, resources }: PlannedCode): readonly ConfiguredResource[] {
  const open = Object.values(op.uses).map(({ name }) => name);
  if (open.length === 0) return NO_RESOURCES;
  const found = new Map<string, ConfiguredResource>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const resource = resources.get(name);
    if (resource === undefined || found.has(name)) continue;
    found.set(name, resource);
    open.push(...Object.values(resource.uses));
  }
  const late = (name: string): ResolvedCode | undefined => code.resources.get(name);
  return [...found].filter(([name]) => late(name)?.loadsLate === true).map(([, resource]) => resource);
}

const NO_RESOURCES: readonly ConfiguredResource[] = Object.freeze([]);
