import { inspectJob, oneLine, type Plan } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { planJob } from '../project/planned-job.ts';
import type { Selection } from '../project/state-selector.ts';
import { type Invocation, printJson } from './command.ts';
import { planTable } from './plan-table.ts';

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  const planned = await planJob(invocation, names[0], await selectionOf(invocation, names[0]));
  const { plan: made, job } = planned;
  if (flags.has('json')) {
    const { planDocument } = await import('../machine/plan-document.ts');
    printJson(out, planDocument(planned));
  } else {
    if (out.isTTY) out.print(header(made, inspectJob(job).stores[0]?.name ?? '', out));
    out.print(planTable(made, out, { all: flags.has('all') }));
    if (flags.has('why')) {
      const { whyTree } = await import('./why-tree.ts');
      out.print('', await whyTree(planned, out));
    }
  }
  return flags.has('exit-code') && made.run + made.pending > 0 ? EXIT.work : EXIT.ok;
}

function header({ job, steps }: Plan, store: string, { paint }: Invocation['out']): string {
  return `${paint('bold', oneLine(job))} · ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} · store ${oneLine(store)}`;
}

/** What `--only` and `--force` select; `state:` selectors as the steps that they mean now. */
export async function selectionOf(invocation: Invocation, job: string | undefined): Promise<Selection> {
  const { flags } = invocation;
  const named = flags.list('force').filter((text) => text !== '');
  const force = !flags.has('force') ? undefined : named.length === 0 ? true : named;
  const selection = {
    ...(flags.has('only') ? { only: flags.list('only') } : {}),
    ...(force === undefined ? {} : { force }),
  };
  if (![...flags.list('only'), ...named].some((text) => text.includes('state:'))) return selection;
  const { resolveStates } = await import('../project/state-selector.ts');
  return resolveStates(invocation, job, selection);
}
