import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { findRun, runOfJournal } from '../history/run-history.ts';
import { projectOf } from '../project/project.ts';
import type { Invocation } from './command.ts';
import { showRun } from './show-run.ts';
import { showStep, showStored, showVersion } from './show-step.ts';

export async function answer(invocation: Invocation): Promise<number> {
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
