import type { IOManager } from '../io/io-manager.ts';
import type { JobCode } from '../versions/job-code.ts';
import { uncertainties } from './code-warnings.ts';
import type { ManagersByKey } from './managers.ts';
import type { PlanWarning } from './plan.ts';

/** What stores have noted since they were asked last. */
export function storeWarnings(managers: ManagersByKey): readonly PlanWarning[] {
  return [...new Set(managers.values())].flatMap((manager) => manager.takeWarnings?.() ?? []);
}

/** What a person should know of the code of a job, and of the store that keeps its results. */
export function jobWarnings(job: string, code: JobCode, manager: IOManager): readonly PlanWarning[] {
  const warnings: PlanWarning[] = code.untracked.map((name) => ({
    code: 'untracked-resource',
    message: `Nothing gives the code of resource "${name}" a version; changes of it are not seen. Declare \`version\` on it.`,
  }));
  warnings.push(...uncertainties(code));
  if (manager.capabilities?.durable !== true) {
    warnings.push({
      code: 'nothing-kept',
      message: `Job "${job}" keeps its results in memory: they are gone when the process ends.`,
    });
  }
  return warnings;
}
