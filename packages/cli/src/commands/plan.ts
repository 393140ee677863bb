import { inspectJob, oneLine, type Plan } from '@memo/core/inspect';
import { JOB_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { planDocument } from '../machine/plan-document.ts';
import { planJob } from '../project/planned-job.ts';
import type { Selection } from '../project/state-selector.ts';
import { type Command, type Invocation, printJson } from './command.ts';
import { planTable } from './plan-table.ts';
import { whyTree } from './why-tree.ts';

export const plan: Command = {
  takes: '[job]',
  names: [0, 1],
  about:
    'What a run would do, with a reason for every step. Runs no op and writes nothing. Jobs with more than 200 steps are shown an op a line.',
  flags: {
    ...JOB_FLAGS,
    only: {
      kind: 'list',
      value: '<steps>',
      says: 'only these steps, with what they need: id, +id, id+, tag:key, state:stale, !id',
    },
    force: { kind: 'maybe', value: '<steps>', says: 'as if everything, or these steps, had to run again' },
    why: { kind: 'switch', says: 'the root causes of every step that would run' },
    all: { kind: 'switch', says: 'a line for each step, however many' },
    'exit-code': { kind: 'switch', says: 'exit with 10 when something would run' },
  },
  examples: ['memo plan', 'memo plan training --only +report', 'memo plan --exit-code --progress none'],
  run: answer,
};

async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  const planned = await planJob(invocation, names[0], await selectionOf(invocation, names[0]));
  const { plan: made, job } = planned;
  if (flags.has('json')) printJson(out, planDocument(planned));
  else {
    if (out.isTTY) out.print(header(made, inspectJob(job).stores[0]?.name ?? '', out));
    out.print(...planTable(made, out, { all: flags.has('all') }));
    if (flags.has('why')) out.print('', ...(await whyTree(planned, out)));
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
