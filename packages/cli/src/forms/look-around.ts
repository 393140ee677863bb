import { JOB_FLAGS } from '../arguments/flags.ts';
import type { CommandForm } from './command-form.ts';

/** How many runs `memo runs` lists. */
export const DEFAULT_LIMIT = 20;

const graph: CommandForm = {
  group: 'look around',
  summary: 'the steps and how they hang together',
  takes: '[job]',
  names: [0, 1],
  about: 'The steps of a job, how they hang together, and what a run would do with each.',
  flags: {
    ...JOB_FLAGS,
    format: {
      kind: 'text',
      value: '<format>',
      says: 'term, mermaid, dot, svg, html or json',
      oneOf: ['term', 'mermaid', 'dot', 'svg', 'html', 'json'],
    },
    direction: { kind: 'text', value: '<lr|tb>', says: 'left to right, or top to bottom', oneOf: ['lr', 'tb'] },
    group: {
      kind: 'text',
      value: '<op|tag:key>',
      says: 'draw the steps together that share an op, or the value of a tag',
    },
    output: { kind: 'text', short: 'o', value: '<file>', says: 'write to a file' },
  },
  examples: ['memo graph', 'memo graph --format mermaid', 'memo graph --format svg -o graph.svg'],
};

const versions: CommandForm = {
  group: 'look around',
  summary: 'the version of each step, and what it is made of',
  takes: '[step]',
  names: [0, 1],
  about: 'The version of each step, and what it is made of.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job' },
    tree: { kind: 'switch', says: 'the ingredients of every step' },
    full: { kind: 'switch', says: 'whole versions, to copy' },
  },
  examples: ['memo versions', 'memo versions fit --full', 'memo versions --tree'],
};

const runs: CommandForm = {
  group: 'look around',
  summary: 'what ran earlier',
  takes: '',
  names: [0, 0],
  about: 'The runs that are kept in .memo/runs, newest first: when, by whom, from which commit, and what they did.',
  flags: {
    limit: { kind: 'number', value: '<n>', says: `at most that many (${DEFAULT_LIMIT})` },
    job: { kind: 'text', value: '<job>', says: 'only those of this job' },
    status: {
      kind: 'text',
      value: '<status>',
      says: 'success, failure, cancelled or unfinished',
      oneOf: ['success', 'failure', 'cancelled', 'unfinished'],
    },
    since: { kind: 'text', value: '<time>', says: 'only those of the last 30m, 12h or 7d, or since a date' },
  },
  examples: ['memo runs', 'memo runs --job training --status failure', 'memo runs --since 7d --json'],
};

const show: CommandForm = {
  group: 'look around',
  summary: 'one run, step or version',
  takes: '<run | step | version | file>',
  names: [1, 1],
  about:
    'What memo knows of one thing: a run (or one step of it: run/step), a step, a step or one of its outputs, a step version by its first digits, the run of a journal file, or the result that a file of the store belongs to.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    logs: { kind: 'switch', says: 'what the steps logged' },
    value: { kind: 'switch', says: 'the stored values' },
    meta: { kind: 'switch', says: 'records as they are kept' },
  },
  examples: ['memo show last', 'memo show last/fit --logs', 'memo show fit.model --value', 'memo show 5e1d06c2'],
};

const diff: CommandForm = {
  group: 'look around',
  summary: 'two runs, or a run and now',
  takes: '<run> [run]',
  names: [1, 2],
  about:
    'What differs between two runs, or between a run and what a run would do now: steps, versions and why, times, values.',
  flags: {
    ...JOB_FLAGS,
    values: { kind: 'switch', says: 'the content digests of what steps gave, too' },
    'only-changed': { kind: 'switch', says: 'leave out what is the same' },
    'exit-code': { kind: 'switch', says: 'exit with 1 when something differs' },
  },
  examples: ['memo diff last-1 last', 'memo diff last', 'memo diff kemwsy --only-changed --exit-code'],
};

export const LOOK_AROUND_FORMS: Readonly<Record<string, CommandForm>> = { graph, versions, runs, show, diff };
