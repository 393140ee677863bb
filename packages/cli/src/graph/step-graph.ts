import type { Action } from '@memo/core/inspect';
import type { PlannedJob } from '../project/planned-job.ts';

/** A step, or several that are shown as one. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** What most of its steps do. */
  readonly action: Action;
  /** How many steps it stands for. */
  readonly steps: number;
  readonly op: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The input, and the output where the op has several; empty for `after`. */
  readonly label: string;
}

/** What there is to draw: nodes in topological order, edges without repeats. */
export interface StepGraph {
  readonly job: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The steps of a plan as a graph; `op` and `tag:key` draw steps together that share one. */
export function stepGraph({ plan, inspection }: PlannedJob, group: string | undefined): StepGraph {
  const actions = new Map(plan.steps.map(({ id, action }) => [id, action]));
  const groupOf = new Map<string, string>();
  const members = new Map<string, { op: string; actions: Action[]; label: string }>();
  for (const { id, op, tags } of inspection.nodes) {
    const key = group === undefined ? id : group === 'op' ? op : (tags[group.replace(/^tag:/, '')] ?? id);
    groupOf.set(id, key);
    const known = members.get(key) ?? { op, actions: [], label: key };
    known.actions.push(actions.get(id) ?? 'skip');
    members.set(key, known);
  }
  const edges = new Map<string, GraphEdge>();
  for (const { id, inputs, after } of inspection.nodes) {
    const to = groupOf.get(id) as string;
    const add = (step: string, label: string): void => {
      const from = groupOf.get(step) as string;
      if (from !== to && !edges.has(`${from}\0${to}`)) edges.set(`${from}\0${to}`, { from, to, label });
    };
    for (const { input, step, output } of inputs) add(step, output === 'result' ? input : `${output} → ${input}`);
    for (const step of after) add(step, '');
  }
  const nodes = [...members].map(([id, member]) => ({
    id,
    label: member.actions.length > 1 ? `${member.label} × ${member.actions.length}` : member.label,
    action: mostTelling(member.actions),
    steps: member.actions.length,
    op: member.op,
  }));
  return { job: plan.job, nodes, edges: [...edges.values()] };
}

/** A group runs when one of its steps does. */
function mostTelling(actions: readonly Action[]): Action {
  return (['run', 'pending', 'reuse', 'skip'] as const).find((action) => actions.includes(action)) ?? 'skip';
}
