import { type ErrorCode, MemoError, type RunResult } from '@memo/core';
import { expect } from 'vitest';

/** The memo error of that code that an action throws or rejects with; it must say what to do. */
export async function caught(code: ErrorCode, action: () => unknown): Promise<MemoError> {
  let thrown: unknown = 'nothing was thrown';
  try {
    await action();
  } catch (error) {
    thrown = error;
  }
  return checked(code, thrown);
}

/** The memo error of that code with which a step of a run failed; it must say what to do. */
export function failureOf(code: ErrorCode, result: RunResult<unknown>, step?: string): MemoError {
  const failed = result.failed.find((failure) => step === undefined || failure.step === step);
  return checked(code, failed?.error ?? `no failure in ${JSON.stringify(result.failed)}`);
}

function checked(code: ErrorCode, thrown: unknown): MemoError {
  if (!MemoError.is(thrown)) throw thrown instanceof Error ? thrown : new Error(String(thrown));
  expect(thrown.code, thrown.message).toBe(code);
  expect(thrown.message).toContain(`docs/errors/${code}.md`);
  if (code !== 'M2000') expect(thrown.fix, `${code} says what to do`).toMatch(/\S/);
  return thrown;
}
