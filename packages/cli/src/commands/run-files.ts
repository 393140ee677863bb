import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunResult } from '@memo/core';
import { messageOf } from '@memo/core/plugin';
import { usageError } from '../failures/usage-error.ts';
import { runDocument } from '../machine/run-document.ts';
import type { RunState } from '../progress/run-state.ts';
import type { Invocation } from './command.ts';

/** A run that is over. */
export interface EndedRun {
  readonly result: RunResult<Record<string, unknown>>;
  readonly state: RunState;
}

/** Writes what `--summary` asks for, and the summary of a GitHub step. */
export async function writeRunFiles(invocation: Invocation, ended: EndedRun): Promise<void> {
  const { flags, around } = invocation;
  const summary = flags.text('summary');
  if (summary !== undefined)
    writeTo(resolve(around.cwd, summary), `${JSON.stringify(runDocument(ended.result, ended.state), null, 2)}\n`);
}

/** @throws MemoError M1002 for a path that cannot be written. */
export function writeTo(path: string, text: string | Uint8Array): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw usageError(`Cannot write ${path}: ${messageOf(error)}`);
  }
}
