import assert from 'node:assert/strict';
import { type ErrorCode, MemoError, messageOf } from '@memo/core/plugin';

/** What an operation threw. Fails when it threw nothing. */
export async function errorOf(operation: Promise<unknown>, what: string): Promise<unknown> {
  try {
    await operation;
  } catch (error) {
    return error;
  }
  return assert.fail(`${what}: it was fulfilled, and must be rejected`);
}

/** Fails unless an operation is rejected with a memo error of one of the codes. */
export async function assertRejects(
  operation: Promise<unknown>,
  codes: readonly ErrorCode[],
  what: string,
): Promise<MemoError> {
  const error = await errorOf(operation, what);
  if (MemoError.is(error) && codes.includes(error.code)) return error;
  return assert.fail(`${what}: it must be rejected with ${codes.join(' or ')}, and was with: ${messageOf(error)}`);
}
