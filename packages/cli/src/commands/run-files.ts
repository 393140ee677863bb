import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunResult } from '@memo/core';
import { inspectPlan } from '@memo/core/inspect';
import { runOfJournal } from '../history/run-history.ts';
import { runDocument } from '../machine/run-document.ts';
import type { RunState } from '../progress/run-state.ts';
import type { Invocation } from './command.ts';
import { writeTo } from './write-to.ts';

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
  const report = flags.text('report');
  if (report !== undefined && ended.result.journal !== undefined) {
    const { writeReport } = await import('./report.ts');
    await writeReport(invocation, await runOfJournal(ended.result.journal), resolve(around.cwd, report));
  }
  const stepSummary = around.env.GITHUB_STEP_SUMMARY;
  if (stepSummary !== undefined && stepSummary !== '') {
    const { stepSummaryText } = await import('../progress/step-summary.ts');
    appendFileSync(stepSummary, stepSummaryText(ended.state, inspectPlan(ended.result.plan).nodes));
  }
}
