import assert from 'node:assert/strict';
import type { OutputContext } from '@memo/core/plugin';
import { assertSameValue } from '../../same-value.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import type { OpenedManager } from '../opened-manager.ts';
import { pairOf } from '../trial.ts';

const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const FORM = /^[^\s:]+:[0-9a-f]{16,}$/;

/** The manager's own content digests. */
export const DIGESTS: readonly IOManagerCase[] = [
  {
    id: 'digests/equal-values',
    title: 'digestOutput() gives equal values one digest (`scheme:hex`), in every manager and at every address',
    needs: ['digests'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      for (const number of NUMBERS) {
        const digest = digestOf(one, numbered(number), numberedValue(number));
        assert.match(digest ?? 'none:0123456789abcdef', FORM, `the digest of value ${number}`);
        const again = digestOf(other, numbered('elsewhere'), numberedValue(number));
        assert.equal(again, digest, `the digest of an equal value ${number}`);
      }
    },
  },
  {
    id: 'digests/different-values',
    title: 'digestOutput() gives values that differ different digests',
    needs: ['digests'],
    async run({ open }) {
      const manager = await open();
      const byDigest = new Map<string, number>();
      for (const number of [...NUMBERS, 100, 101, 102, 103]) {
        const digest = digestOf(manager, numbered(1), numberedValue(number));
        if (digest === undefined) continue;
        assert.equal(byDigest.get(digest), undefined, `values ${byDigest.get(digest)} and ${number} share a digest`);
        byDigest.set(digest, number);
      }
    },
  },
  {
    id: 'digests/changes-nothing',
    title: 'digestOutput() stores nothing and leaves the value as it is',
    needs: ['digests'],
    async run({ open }) {
      const manager = await open();
      for (const number of NUMBERS) {
        const value = numberedValue(number);
        digestOf(manager, numbered(number), value);
        assertSameValue(value, numberedValue(number), `value ${number} after it was digested`);
        assert.equal(await manager.has(numbered(number)), false, `hasOutput() of value ${number} that was digested`);
      }
    },
  },
];

function digestOf({ manager }: OpenedManager, context: OutputContext, value: unknown): string | undefined {
  return manager.digestOutput?.(context, value);
}
