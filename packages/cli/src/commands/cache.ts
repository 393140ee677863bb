import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { cacheList, cacheStat } from './cache-content.ts';
import { cachePrune } from './cache-prune.ts';
import { cacheVerify } from './cache-verify.ts';
import type { Command, Invocation } from './command.ts';

const ACTIONS: Readonly<Record<string, (invocation: Invocation) => Promise<number>>> = {
  ls: cacheList,
  stat: cacheStat,
  verify: cacheVerify,
  prune: cachePrune,
};

export const cache: Command = {
  takes: '<ls|stat|verify|prune>',
  names: [1, 1],
  about:
    'What is stored. ls: the recorded results; stat: sizes by op; verify: reads every stored value and compares it with its record; prune: deletes what nobody uses, after saying what.',
  flags: {
    job: { kind: 'text', value: '<job>', says: 'the job whose store is meant; only its results' },
    op: { kind: 'text', value: '<op>', says: 'ls: only results of this op' },
    older: { kind: 'text', value: '<time>', says: 'ls: computed longer ago; prune: unused for longer (30d)' },
    sort: { kind: 'text', value: '<by>', says: 'ls: age, size or time', oneOf: ['age', 'size', 'time'] },
    limit: { kind: 'number', value: '<n>', says: 'ls: at most that many (50)' },
    'keep-last': { kind: 'number', value: '<n>', says: 'prune: keep what the newest runs of each job used (3)' },
    'max-size': { kind: 'text', value: '<size>', says: 'prune: keep at most 20GB' },
    'dry-run': { kind: 'switch', says: 'prune: only say what would be deleted' },
    yes: { kind: 'switch', short: 'y', says: 'prune: delete without asking' },
  },
  examples: [
    'memo cache stat',
    'memo cache ls --sort size',
    'memo cache prune --older 14d --dry-run',
    'memo cache verify',
  ],
  run: async (invocation) => {
    const name = invocation.names[0] as string;
    const act = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (act === undefined)
      throw usageError(
        `memo cache does not know ${JSON.stringify(name)}.`,
        `memo cache ${Object.keys(ACTIONS).join('|')}`,
      );
    return (await act(invocation)) ?? EXIT.ok;
  },
};
