import { expect, test } from 'vitest';
import type { Binding } from '../../src/records/binding.ts';
import type { BindingEntry } from '../../src/records/binding-entry.ts';
import type { Bindings } from '../../src/records/bindings.ts';
import { SharedBindings } from '../../src/tiers/shared-bindings.ts';
import { STEP_VERSION_SCHEMA } from '../../src/versions/step-version-record.ts';

const record = {
  schema: STEP_VERSION_SCHEMA,
  op: { namespace: 'n', name: 'o', code: 'c', by: 'b' },
  config: { key: 'k' },
  resources: {},
  inputs: {},
};
const version = (digit: string) => digit.repeat(64);

/** The bindings of a store, by head, of which it is noted whose payloads are read. */
function bindings(heads: readonly { readonly stepVersion: string; readonly pub: string; readonly later?: boolean }[]) {
  const read: string[] = [];
  const entries = heads.map(({ stepVersion, pub, later = false }) => {
    const binding = (): Binding => {
      read.push(pub);
      return { stepVersion, pub, later, record, outputs: {}, job: 'j', step: 's', run: 'r' } as unknown as Binding;
    };
    return { stepVersion, pub, isLater: later, document: binding, read: binding } as unknown as BindingEntry;
  });
  const view = {
    entries: () => entries,
    *bindings() {
      for (const entry of entries) yield entry.read();
    },
    get: (stepVersion: string) => entries.find((entry) => entry.stepVersion === stepVersion && !entry.isLater),
  };
  const all = { table: { live: () => view, snapshot: () => view } } as unknown as Bindings;
  return { all, entries, read };
}

test('where nobody has bound another content, heads say so, and no binding is read', () => {
  const theirs = bindings([
    { stepVersion: version('1'), pub: 'a' },
    { stepVersion: version('1'), pub: 'a' },
    { stepVersion: version('1'), pub: 'b', later: true },
    { stepVersion: version('2'), pub: 'c' },
  ]);
  const ours = bindings([{ stepVersion: version('1'), pub: 'a' }]);
  const shared = new SharedBindings(ours.all, theirs.all);
  expect(theirs.entries.map((entry) => shared.counts(entry))).toEqual([true, true, true, true]);
  expect([...ours.read, ...theirs.read]).toEqual([]);
});

test.each([
  ['ours', [{ stepVersion: version('2'), pub: 'x' }], [{ stepVersion: version('2'), pub: 'c' }]],
  ['each other', [], ['c', 'd'].map((pub) => ({ stepVersion: version('2'), pub }))],
])('contents that differ from %s do not count, others do', (_of, own, others) => {
  const theirs = bindings([{ stepVersion: version('1'), pub: 'a' }, ...others]);
  const shared = new SharedBindings(bindings(own).all, theirs.all);
  expect(theirs.entries.map((entry) => shared.counts(entry))).toEqual([true, ...others.map(() => false)]);
});
