import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { Reason } from './reason.ts';

/** The reason `upgraded` where two versions of a step differ because memo or the algorithm of its strategy does. */
export function upgradeBetween(before: StepVersionRecord, now: StepVersionRecord): Reason | undefined {
  if (typeof before?.schema === 'string' && before.schema !== now.schema) {
    return { code: 'upgraded', from: before.schema, to: now.schema };
  }
  const [from, to] = [before?.op?.by, now.op.by];
  const isSameStrategy = typeof from === 'string' && from !== to && nameOf(from) === nameOf(to);
  return isSameStrategy ? { code: 'upgraded', from, to } : undefined;
}

/** The id of a strategy without its algorithm: `source-hash` of `source-hash@3`. */
function nameOf(id: string): string {
  return id.replace(/@[^@]*$/, '');
}
