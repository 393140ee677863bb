import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const log: string[] = [];
const migrate = op('migrate', {
  outputs: [],
  run: ({ to }: { to: number }) => {
    log.push(`migrate ${to}`);
  },
});
const read = op('read', () => log.push('read'));
const show = op('show', ({ rows }: { rows: number }) => rows > 0);

const io = new WatchedManager();
const versions = new SetVersions();
const reading = (to: number) =>
  job('reading', {
    versions,
    io,
    build: () => {
      const migrated = migrate({ to });
      return { shown: show({ rows: read({}, { after: migrated }) }), migrated };
    },
  });

test('it runs before what comes after it, once', async () => {
  expect(whatRan(await reading(1).run())).toEqual({ ran: ['migrate', 'read', 'show'] });
  expect(log).toEqual(['migrate 1', 'read']);
  expect(whatRan(await reading(1).run())).toEqual({ reused: ['migrate', 'read', 'show'] });
  expect(io.calls.filter((call) => call.includes('migrate'))).toEqual([]);
});

test('another version of it is another version of what comes after', async () => {
  await reading(1).run();
  expect(whatRan(await reading(2).run())).toEqual({ ran: ['migrate', 'read', 'show'] });
  expect(whatRan(await reading(1).run())).toEqual({ reused: ['migrate', 'read', 'show'] });
});

test('an order by id, of a step that is wired later, is the same', async () => {
  const later = job('later', {
    versions,
    io: new WatchedManager(),
    build: () => {
      const rows = read({}, { id: 'rows', after: 'migration' });
      migrate({ to: 3 }, { id: 'migration' });
      return rows;
    },
  });
  expect((await later.run()).executed).toEqual(['migration', 'rows']);
  expect(whatRan(await later.run())).toEqual({ reused: ['migration', 'rows'] });
});
