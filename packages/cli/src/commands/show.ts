import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { JOB_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { findRun, runOfJournal } from '../history/run-history.ts';
import { projectOf } from '../project/project.ts';
import type { Command, Invocation } from './command.ts';
import { showRun } from './show-run.ts';
import { showStep, showStored, showVersion } from './show-step.ts';

export const show: Command = {
  takes: '<run | step | version | file>',
  names: [1, 1],
  about:
    'What memo knows of one thing: a run (or one step of it: run/step), a step, a step or one of its outputs, a step version by its first digits, the run of a journal file, or the result that a file of the store belongs to.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    logs: { kind: 'switch', says: 'what the steps logged' },
    value: { kind: 'switch', says: 'the stored values' },
    meta: { kind: 'switch', says: 'records as they are kept' },
  },
  examples: ['memo show last', 'memo show last/fit --logs', 'memo show fit.model --value', 'memo show 5e1d06c2'],
  run: answer,
};

async function answer(invocation: Invocation): Promise<number> {
  const name = invocation.names[0] as string;
  projectOf(invocation);
  const file = resolve(invocation.around.cwd, name);
  if (name.endsWith('.ndjson') && existsSync(file)) {
    await showRun(invocation, await runOfJournal(file), undefined);
    return EXIT.ok;
  }
  const [run, ...rest] = name.split('/');
  const found = await runNamed(run as string);
  if (found !== undefined) {
    await showRun(invocation, found, rest.length === 0 ? undefined : rest.join('/'));
    return EXIT.ok;
  }
  if (/^[0-9a-f]{6,64}$/.test(name) && (await showVersion(invocation, name))) return EXIT.ok;
  const version = existsSync(file) ? /[0-9a-f]{64}/.exec(file.split(/[\\/]/).slice(-2).join('/'))?.[0] : undefined;
  if (version !== undefined && (await showStored(invocation, version))) return EXIT.ok;
  await showStep(invocation, name);
  return EXIT.ok;
}

async function runNamed(name: string): Promise<Awaited<ReturnType<typeof findRun>> | undefined> {
  if (!/^(?:last(?:-\d+)?|[0-9a-z]{6,26})$/.test(name)) return undefined;
  try {
    return await findRun(name);
  } catch (error) {
    if (MemoError.is(error, 'M1006') && !name.startsWith('last')) return undefined;
    throw error;
  }
}
