import type { RunResult } from '@memo/core';
import type { RunState } from '../progress/run-state.ts';
import type { MachineDocument } from './machine-document.ts';

/** `memo run --json`, and what `--summary` writes. */
export function runDocument(result: RunResult<Record<string, unknown>>, { start }: RunState): MachineDocument {
  const { id, status, executed, reused, skipped, failed, errors, durationMs, savedMs, journal, plan } = result;
  return {
    schema: 'memo.run/1',
    run: id,
    job: plan.job,
    status,
    memo: start?.memo ?? 'on',
    durationMs,
    savedMs,
    executed,
    reused,
    skipped,
    failed: failed.map(({ step, error }) => ({ step, error: error.toJSON() })),
    errors: errors.map((error) => error.toJSON()),
    tags: start?.tags ?? {},
    journal,
  };
}
