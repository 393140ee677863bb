import { JOB_FLAGS } from '../arguments/flags.ts';
import type { CommandForm } from './command-form.ts';

/** What `memo cache` takes first. */
export const CACHE_ACTIONS = ['ls', 'stat', 'verify', 'prune', 'export', 'import', 'push', 'pull'] as const;

const get: CommandForm = {
  group: 'results',
  summary: 'the stored value of a step',
  takes: '<step>[.output]',
  names: [1, 1],
  about: 'The stored value of a step, under the version that it has now, or as a run left it. Nothing is computed.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    run: { kind: 'text', value: '<run>', says: 'the value that this run left, instead of the one of now' },
    output: { kind: 'text', short: 'o', value: '<file>', says: 'write to a file' },
    format: {
      kind: 'text',
      value: '<format>',
      says: 'json, text or raw; by default what fits the value',
      oneOf: ['json', 'text', 'raw'],
    },
  },
  examples: [
    'memo get report',
    'memo get fit.model -o model.bin',
    'memo get report --run last-1',
    'memo get report --format json | jq .accuracy',
  ],
};

const report: CommandForm = {
  group: 'results',
  summary: 'a run as one HTML file',
  takes: '[run]',
  names: [0, 1],
  about: 'A run as one HTML file that needs neither a server nor a network: what happened, when, and why.',
  flags: {
    ...JOB_FLAGS,
    output: { kind: 'text', short: 'o', value: '<file>', says: 'where to write it (memo-report.html)' },
    'no-values': { kind: 'switch', says: 'leave out config, what was logged, and the text of errors and changes' },
    values: { kind: 'switch', says: 'keep them where CI is set, too, where they are left out' },
    'max-size': { kind: 'text', value: '<size>', says: 'at most that large: 500kB, 5MB (5MB)' },
  },
  examples: ['memo report', 'memo report last-1 -o before.html', 'memo report --no-values'],
};

const bless: CommandForm = {
  group: 'results',
  summary: 'keep a stored result after a change of code that changes none',
  takes: '<step>',
  names: [1, 1],
  about:
    'Keeps the stored result of a step after a change of its code that changes no result. Only code may differ. Who said so and why is kept with the result: memo show tells it, and memo cache verify --rerun checks it first.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    why: { kind: 'text', value: '<text>', says: 'why the change changes no result' },
    run: { kind: 'text', value: '<run>', says: 'the run whose result is kept, instead of the last one' },
  },
  examples: ['memo bless fit --why "renamed a variable"', 'memo bless chunk --why "types only" --run last-2'],
};

const cache: CommandForm = {
  group: 'results',
  summary: 'what is stored: list, measure, check, prune',
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
};

export const RESULTS_FORMS: Readonly<Record<string, CommandForm>> = { get, report, bless, cache };
