import { JOB_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { cacheList, cacheStat } from './cache-content.ts';
import { cachePrune } from './cache-prune.ts';
import { cacheExport, cacheImport, cachePull, cachePush } from './cache-transfer.ts';
import { cacheVerify } from './cache-verify.ts';
import { CACHE_ACTIONS, type Command, type Invocation } from './command.ts';

const ACTIONS: Readonly<Record<(typeof CACHE_ACTIONS)[number], (invocation: Invocation) => Promise<number>>> = {
  ls: cacheList,
  stat: cacheStat,
  verify: cacheVerify,
  prune: cachePrune,
  export: cacheExport,
  import: cacheImport,
  push: cachePush,
  pull: cachePull,
};

export const cache: Command = {
  takes: `<${CACHE_ACTIONS.join('|')}>`,
  names: [1, 2],
  about:
    'What is stored. ls: the recorded results; stat: sizes by op; verify: reads every stored value and compares it with its record; prune: deletes what nobody uses, after saying what; export and import: results in one file, to take along; push and pull: what others share.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job whose store is meant; only its results' },
    op: { kind: 'text', value: '<op>', says: 'ls: only results of this op' },
    older: { kind: 'text', value: '<time>', says: 'ls: computed longer ago; prune: unused for longer (30d)' },
    sort: { kind: 'text', value: '<by>', says: 'ls: age, size, time or hits', oneOf: ['age', 'size', 'time', 'hits'] },
    limit: { kind: 'number', value: '<n>', says: 'ls: at most that many (50)' },
    sample: { kind: 'text', value: '<share>', says: 'verify: only 5% of the values, others each time' },
    repair: { kind: 'switch', says: 'verify: delete what is wrong; the next run computes it again' },
    rerun: { kind: 'number', value: '<n>', says: 'verify: compute n re-used steps again and compare' },
    'keep-last': { kind: 'number', value: '<n>', says: 'prune: keep what the newest runs of each job used (3)' },
    'max-size': { kind: 'text', value: '<size>', says: 'prune: keep at most 20GB' },
    unreachable: {
      kind: 'switch',
      says: 'prune: whatever its age, what neither the jobs as they are nor kept runs use',
    },
    'dry-run': { kind: 'switch', says: 'prune: only say what would be deleted' },
    yes: { kind: 'switch', short: 'y', says: 'prune: delete without asking' },
    run: { kind: 'text', value: '<run>', says: 'export, push: only what this run used' },
    output: { kind: 'text', short: 'o', value: '<file>', says: 'export: where to write (memo-results.memo)' },
    to: { kind: 'text', value: '<store>', says: 'push: into this store of the job instead of the shared one' },
    from: { kind: 'text', value: '<store>', says: 'pull: out of this store of the job instead of the shared one' },
  },
  examples: [
    'memo cache stat',
    'memo cache ls --sort size',
    'memo cache prune --older 14d --dry-run',
    'memo cache verify --sample 5% --rerun 3',
    'memo cache export --run last -o results.memo',
    'memo cache import results.memo',
    'memo cache push',
  ],
  run: async (invocation) => {
    const name = invocation.names[0] as string;
    const act = Object.hasOwn(ACTIONS, name) ? ACTIONS[name as keyof typeof ACTIONS] : undefined;
    if (act === undefined)
      throw usageError(`memo cache does not know ${JSON.stringify(name)}.`, `memo cache ${CACHE_ACTIONS.join('|')}`);
    if (invocation.names.length > 1 && name !== 'import')
      throw usageError(`memo cache ${name} does not take ${JSON.stringify(invocation.names[1])}.`, 'memo cache --help');
    return (await act(invocation)) ?? EXIT.ok;
  },
};
