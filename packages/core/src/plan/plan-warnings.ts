import { formatPlace } from '../errors/memo-error.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import type { JobCode } from '../versions/job-code.ts';
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

/** What the strategy cannot see, each thing once, with the ops that it concerns. */
function uncertainties(code: JobCode): readonly PlanWarning[] {
  const ops = new Map<string, { readonly code: string; readonly text: string; readonly names: string[] }>();
  const note = (owner: string, { uncertain }: ResolvedCode): void => {
    for (const { kind, message, place } of uncertain) {
      const where = formatPlace(place);
      const text = where === undefined ? message : `${message} (${where})`;
      const known = ops.get(`${kind}\0${text}`);
      if (known === undefined) ops.set(`${kind}\0${text}`, { code: kind, text, names: [owner] });
      else known.names.push(owner);
    }
  };
  for (const [op, resolved] of code.resolved) note(`op "${op.name}"`, resolved);
  for (const [name, resolved] of code.resources) note(`resource "${name}"`, resolved);
  return [...ops.values()].map(({ code: kind, text, names }) => ({ code: kind, message: `${listed(names)}: ${text}` }));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length <= MOST_NAMED ? shown : `${shown} and ${names.length - MOST_NAMED} more`;
}

const MOST_NAMED = 3;
