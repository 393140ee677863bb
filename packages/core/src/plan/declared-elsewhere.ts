import { portableSite } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { Decision } from './demand.ts';
import type { PlanWarning } from './plan.ts';
import type { StoredSteps } from './stored-steps.ts';

/**
 * Warns where a declared version is met by a result of an op that was defined in another file: the version says that both are the same
 * code, and only a person can know. Looks at one re-used step for each op.
 */
export function declaredElsewhere(stored: StoredSteps, decisions: readonly Decision[]): readonly PlanWarning[] {
  const { plan } = stored;
  const open = new Set<OpDefinition>();
  for (const { op } of plan.uses) if (op.version !== undefined) open.add(op);
  const warnings: PlanWarning[] = [];
  for (let index = 0; index < plan.size && open.size > 0; index++) {
    const { op } = plan.useOf(index);
    if (decisions[index]?.action !== 'reuse' || !open.delete(op)) continue;
    const then = stored.entry(index)?.document()?.site;
    const now = portableSite(op.site);
    if (then === undefined || now === undefined || fileOf(then) === fileOf(now)) continue;
    warnings.push({
      code: 'declared-elsewhere',
      message: `Version "${op.version}" of op "${op.name}" was declared at ${then} when its result was computed, and is now declared at ${now}. Change the version if the code differs.`,
      step: plan.step(index).id,
    });
  }
  return warnings;
}

function fileOf(site: string): string {
  return site.replace(/:\d+$/, '');
}
