import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { type ChildResult, endOf, startChild } from '../child-process.ts';
import type { IOManagerStorage } from './harness.ts';

/** What a process does to the storage of a case. */
export interface OtherTask {
  readonly task: 'store' | 'churn' | 'race' | 'hold';
  readonly from: number | string;
  readonly count?: number;
}

/** Starts a process that works on the storage. */
export function startOther(storage: IOManagerStorage, { task, from, count = 0 }: OtherTask): ChildProcess {
  const { module, data, nodeOptions } = storage.otherProcesses ?? assert.fail('the harness has no otherProcesses');
  const program = new URL('manager-child', import.meta.url);
  const parameters = [module, JSON.stringify(data), task, String(from), String(count)];
  return startChild({ program, parameters, nodeOptions });
}

/** Runs a process to its end; rejects when it fails. */
export async function runOther(storage: IOManagerStorage, task: OtherTask): Promise<ChildResult> {
  const result = await endOf(startOther(storage, task));
  assert.equal(result.code, 0, `a process of the suite failed:\n${result.errors}`);
  return result;
}

/** Lets processes race for addresses, beginning together. Gives the outcomes that each was told, in the order of the addresses. */
export async function raceOf(
  storage: IOManagerStorage,
  { writers, count }: { readonly writers: readonly number[]; readonly count: number },
): Promise<readonly (readonly string[])[]> {
  const children = writers.map((from) => startOther(storage, { task: 'race', from, count }));
  let ready = 0;
  const ended = children.map((child) =>
    endOf(child, (line) => {
      if (line === 'ready' && ++ready === children.length) for (const one of children) one.stdin?.end('go\n');
    }),
  );
  const results = await Promise.all(ended);
  return results.map(({ lines, code, errors }) => {
    assert.equal(code, 0, `a process of the suite failed:\n${errors}`);
    return lines.slice(1);
  });
}

/** Lets a process store outputs until it told of some, and kills it a moment later. Gives the numbers that it told of. */
export async function churnUntilKilled(
  storage: IOManagerStorage,
  { from, count, turns }: { readonly from: number; readonly count: number; readonly turns: number },
): Promise<readonly number[]> {
  const child = startOther(storage, { task: 'churn', from });
  let told = 0;
  const result = await endOf(child, () => {
    if (++told === count) afterTurns(turns, () => child.kill('SIGKILL'));
  });
  assert.equal(result.signal, 'SIGKILL', `a process of the suite failed:\n${result.errors}`);
  return result.lines.map(Number);
}

/** Lets a process take a lease, and kills it while it has it. */
export async function holdUntilKilled(storage: IOManagerStorage, key: string): Promise<void> {
  const child = startOther(storage, { task: 'hold', from: key });
  const { signal, errors } = await endOf(child, (line) => {
    if (line === 'holds') child.kill('SIGKILL');
  });
  assert.equal(signal, 'SIGKILL', `a process of the suite failed:\n${errors}`);
}

/** Some turns of the event loop let the other process go on, so that the kill hits any point of a write. */
function afterTurns(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(() => afterTurns(turns - 1, act));
}
