import assert from 'node:assert/strict';
import type { TestOutputContext } from '@memo/core/testing';
import { assertRejects } from '../expected-errors.ts';
import { assertSameValue } from '../same-value.ts';
import type { OpenedManager } from './opened-manager.ts';

/** Fails unless the manager says that the output is there and loads this value. */
export async function assertStored(manager: OpenedManager, context: TestOutputContext, value: unknown): Promise<void> {
  const what = context.getOutputIdentifier().join('/');
  assert.equal(await manager.has(context), true, `hasOutput(${what})`);
  assertSameValue(await manager.load(context), value, `loadInput(${what})`);
}

/** Fails unless the manager says that the output is not there, and refuses to load it. */
export async function assertMissing(manager: OpenedManager, context: TestOutputContext): Promise<void> {
  const what = context.getOutputIdentifier().join('/');
  assert.equal(await manager.has(context), false, `hasOutput(${what})`);
  await assertRejects(manager.load(context), ['M5004'], `loadInput(${what})`);
}

/** The addresses that the manager lists, sorted; `[]` where it cannot list. */
export async function listedAddresses(manager: OpenedManager): Promise<readonly string[]> {
  if (manager.manager.listOutputs === undefined) return [];
  return (await manager.list()).map(({ identifier }) => identifier.join('/')).sort();
}

/** The address of a context as one text. */
export function addressOf(context: TestOutputContext): string {
  return context.getOutputIdentifier().join('/');
}
