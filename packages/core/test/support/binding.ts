import { sha256 } from '../../src/hash/digest.ts';
import type { Binding } from '../../src/records/binding.ts';
import type { BindingPlace } from '../../src/records/binding-place.ts';
import { versionOfRecord } from '../../src/versions/record-key.ts';
import type { StepVersionRecord } from '../../src/versions/step-version-record.ts';

/** A binding of a step of its own. */
export function bindingOf(number: number): Binding {
  const record: StepVersionRecord = {
    schema: 'memo.step-version/1',
    op: { namespace: 'tests', name: 'step', code: String(number), by: 'declared' },
    config: { key: 'o0:' },
    resources: {},
    inputs: {},
  };
  return {
    schema: 'memo.binding/1',
    stepVersion: versionOfRecord(record),
    record,
    outputs: { result: { digest: `vf1:${sha256(`value ${number}`)}` } },
    consumed: {},
    pub: sha256(`pub ${number}`),
    by: 'run',
    job: 'tests',
    step: `step-${number}`,
    run: '0'.repeat(26),
    when: 1_000 + number,
    duration: 1,
    certainty: 'exact',
    memo: '0.1.0',
    node: 'v20.19.0',
  };
}

/** Where a binding belongs. */
export function placeOfBinding(number: number): BindingPlace {
  return { site: sha256(`site ${number}`).slice(0, 32), runHex: '0'.repeat(32) };
}
