import { formatPlace } from '../errors/memo-error.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import type { JobCode } from '../versions/job-code.ts';
import type { PlanWarning } from './plan.ts';

const MOST_NAMED = 3;

/** What the strategy cannot see, each thing once, with the ops that it concerns. */
export function uncertainties(code: JobCode): readonly PlanWarning[] {
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
