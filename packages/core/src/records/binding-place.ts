import { sha256 } from '../hash/digest.ts';
import { part } from '../versions/record-key.ts';
import type { Binding } from './binding.ts';
import { runIdToHex } from './run-id.ts';

/** Where a binding belongs, for finding it again. */
export interface BindingPlace {
  /** Digest of job, step and op, 32 hexadecimal digits. */
  readonly site: string;
  /** The run's id as 32 hexadecimal digits. */
  readonly runHex: string;
}

/** Where a step of a job is found again: a digest of job, step id and op, 32 hexadecimal digits. */
export function siteOf(job: string, step: string, op: { readonly namespace: string; readonly name: string }): string {
  return sha256(`memo.site/1;${part(job)}${part(step)}${part(op.namespace)}${part(op.name)}`).slice(0, 32);
}

/** Where a binding that was read from a store belongs. */
export function placeOfBinding({ job, step, record, run }: Binding): BindingPlace {
  return { site: siteOf(job, step, record.op), runHex: runIdToHex(run) };
}
