import type { PlannedJob } from '../project/planned-job.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { explanationLines } from '../why/explanation-lines.ts';

const MOST_STEPS = 20;

/** Why each step that would run does, the ones nearest to the sources first. */
export async function whyTree(planned: PlannedJob, terminal: Terminal): Promise<readonly string[]> {
  const moved = planned.plan.steps.filter(({ action }) => action === 'run' || action === 'pending');
  const lines: string[] = [];
  for (const { id } of moved.slice(0, MOST_STEPS))
    lines.push(...(await explanationLines(planned, planned.plan.explain(id), { terminal, most: 4, diffLines: 0 })));
  const rest = moved.length - MOST_STEPS;
  return rest > 0 ? [...lines, `… ${rest} more steps; memo why <step> explains one`] : lines;
}
