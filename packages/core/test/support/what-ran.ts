import type { Plan, RunResult } from '@memo/core';

/** What a run did with its steps, by step id; what it did with none is left out. Sorted: independent steps may end in any order. */
export function whatRan(result: RunResult<unknown>): Readonly<Record<string, readonly string[]>> {
  const { executed, reused, skipped, failed } = result;
  return filled({ ran: executed, reused, skipped, failed: failed.map(({ step }) => step) });
}

/** What a plan means to do with its steps. */
export function whatIsPlanned(plan: Plan): Readonly<Record<string, readonly string[]>> {
  const actions = ['run', 'reuse', 'skip', 'pending'] as const;
  return filled(
    Object.fromEntries(
      actions.map((action) => [action, plan.steps.filter((step) => step.action === action).map(({ id }) => id)]),
    ),
  );
}

function filled(groups: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(groups).filter(([, ids]) => ids.length > 0);
  return Object.fromEntries(entries.map(([name, ids]) => [name, [...ids].sort()]));
}
