import { expect } from 'vitest';
import { MixedExecutions, seenIn } from './op-result.ts';
import type { ModelResult, Session } from './session.ts';

/** No step of a run met two executions, and neither does who loads everything that the job returns. */
export async function checkOneExecution(session: Session, result: ModelResult): Promise<void> {
  const mixed = result.failed.map(({ error }) => error.cause).filter((cause) => cause instanceof MixedExecutions);
  expect(mixed).toEqual([]);
  const loaded = await session.load(result);
  seenIn([...loaded.values()].filter((value) => typeof value !== 'string'));
}
