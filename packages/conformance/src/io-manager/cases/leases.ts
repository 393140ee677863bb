import assert from 'node:assert/strict';
import type { Lease, TakeLease } from '@memo/core/plugin';
import { withinTime } from '../../conformance-case.ts';
import { errorOf } from '../../expected-errors.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import type { OpenedManager } from '../opened-manager.ts';
import { holdUntilKilled } from '../other-process.ts';
import { pairOf } from '../trial.ts';

/** The right to compute something while others wait. */
export const LEASES: readonly IOManagerCase[] = [
  {
    id: 'leases/one-at-a-time',
    title: 'who asks for a lease that another one has waits until that one lets go, and is told that it waited',
    needs: ['leases'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      const held = await leaseOf(one)('key', { signal: NEVER });
      assert.equal(held.waited, false, 'the first one did not wait');
      let isReleased = false;
      const { lease, waiting } = ask(other);
      const granted = lease.then((given) => {
        assert.ok(isReleased, 'two hold one lease');
        return given;
      });
      await Promise.race([waiting, granted]);
      isReleased = true;
      await held.release();
      const next = await granted;
      assert.equal(next.waited, true, 'the second one did wait');
      await next.release();
    },
  },
  {
    id: 'leases/let-go',
    title: 'a lease can be let go twice, and is then given at once; keys are independent of each other',
    needs: ['leases'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      const first = await leaseOf(one)('a', { signal: NEVER });
      const independent = ask(other, 'b');
      await Promise.race([independent.lease, independent.waiting.then(() => assert.fail('two keys share a lease'))]);
      const second = await independent.lease;
      assert.deepEqual([first.waited, second.waited], [false, false]);
      await first.release();
      await first.release();
      const again = await leaseOf(other)('a', { signal: NEVER });
      assert.equal(again.waited, false, 'who comes after it was let go');
      // Who let go does not end what somebody else holds.
      await first.release();
      const { lease, waiting } = ask(one, 'a');
      await Promise.race([waiting, lease.then(() => assert.fail('two hold one lease'))]);
      await again.release();
      await (await lease).release();
      await second.release();
    },
  },
  {
    id: 'leases/aborted',
    title: 'who waits for a lease can stop waiting, and does not get it later',
    needs: ['leases'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      const held = await leaseOf(one)('key', { signal: NEVER });
      const controller = new AbortController();
      const { lease, waiting } = ask(other, 'key', controller.signal);
      await waiting;
      controller.abort(new Error('stopped by the suite'));
      const stopped = () => errorOf(lease, 'waiting for a lease with a signal that is aborted');
      await withinTime('an aborted wait for a lease', stopped, 5000);
      await held.release();
      const next = await leaseOf(one)('key', { signal: NEVER });
      assert.equal(next.waited, false, 'somebody who stopped waiting holds the lease');
      await next.release();
      await errorOf(leaseOf(one)('key', { signal: AbortSignal.abort() }), 'asking with an aborted signal');
    },
  },
  {
    id: 'leases/crash',
    title: 'the lease of a process that was killed is given to who waits, once it has been silent for long enough',
    needs: ['leases', 'lease expiry', 'other processes'],
    async run({ open, storage }) {
      await holdUntilKilled(storage, 'key');
      const manager = await open();
      const limit = (storage.leaseMs ?? 0) * 10 + 20_000;
      const taken = await withinTime('taking the lease over', () => leaseOf(manager)('key', { signal: NEVER }), limit);
      assert.equal(taken.waited, true, 'the lease of another process was given at once');
      await taken.release();
      const left = await manager.manager.records?.documents('lease-');
      assert.deepEqual([...(left ?? [])], [], 'what was let go is left among the documents');
    },
  },
];

const NEVER: AbortSignal = new AbortController().signal;

function leaseOf({ manager }: OpenedManager): TakeLease {
  return (key, options) => (manager.lease ?? assert.fail('the manager has no leases')).call(manager, key, options);
}

/** Asks for a lease; `waiting` is fulfilled when the manager says that somebody else has it. */
function ask(
  manager: OpenedManager,
  key: string = 'key',
  signal: AbortSignal = NEVER,
): { readonly lease: Promise<Lease>; readonly waiting: Promise<void> } {
  let told: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    told = resolve;
  });
  const lease = leaseOf(manager)(key, { signal, onWait: () => told() });
  lease.catch(() => {});
  return { lease, waiting };
}
