import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { mayReuse, type StrategyAnswers } from '../answer.ts';
import type { VersionStrategyCase } from '../strategy-case.ts';

const VERSION = /^[A-Za-z0-9_.:+@/~-]{1,200}$/;

/** The same code has the same version. */
export const DETERMINISM: readonly VersionStrategyCase[] = [
  {
    id: 'determinism/valid',
    title: 'ops get versions of 1 to 200 safe characters, and a certainty that memo knows',
    async run({ ask }) {
      const { id, ops, resources } = await ask();
      assert.match(id, VERSION, 'the id of the strategy');
      for (const [name, answer] of Object.entries({ ...ops, ...resources })) {
        assert.equal(answer.refused, undefined, `${name} was refused`);
        if (name in ops) assert.ok(answer.version !== undefined, `${name} has no version`);
        if (answer.version !== undefined) assert.match(answer.version, VERSION, name);
        assert.ok([undefined, 'exact', 'assumed', 'untrackable'].includes(answer.certainty), `certainty of ${name}`);
      }
    },
  },
  {
    id: 'determinism/processes',
    title: 'another process, working directory, time zone and language give the same versions',
    async run({ ask }) {
      const env = { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
      assertSameVersions(await ask(), await ask({ cwd: tmpdir(), env }));
    },
  },
  {
    id: 'determinism/places',
    title: 'the same project in another directory has the same versions',
    async run({ ask, copy }) {
      const before = await ask();
      const directory = copy();
      assertSameVersions(before, await ask({ directory, cwd: directory }));
    },
  },
  {
    id: 'determinism/bulk',
    title: 'getVersions() answers as the single calls do, in order',
    needs: ['bulk'],
    async run({ ask }) {
      const { asked, bulk, ops, resources } = await ask();
      assert.deepEqual(
        bulk?.map(({ version }) => version),
        asked.map((name) => (ops[name] ?? resources[name])?.version),
      );
    },
  },
];

/** Fails unless every result for one may be re-used for the other. */
export function assertSameVersions(before: StrategyAnswers, after: StrategyAnswers): void {
  assert.equal(after.id, before.id, 'the id of the strategy');
  for (const name of Object.keys(before.ops)) {
    assert.ok(mayReuse(before.ops[name], after.ops[name]), `${name} got another version`);
  }
  for (const name of Object.keys(before.resources)) {
    assert.equal(after.resources[name]?.version, before.resources[name]?.version, `${name} got another version`);
  }
}
