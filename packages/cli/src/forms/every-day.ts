import { JOB_FLAGS } from '../arguments/flags.ts';
import type { CommandForm } from './command-form.ts';

/** How long `memo dev` waits for more changes. */
export const DEFAULT_DEBOUNCE_MS = 150;

const run: CommandForm = {
  group: 'every day',
  summary: 'run what is missing or changed, re-use the rest',
  takes: '[job]',
  names: [0, 1],
  about:
    'Plans, runs what is missing or changed, and re-uses the rest. The first Ctrl-C starts nothing new and lets go of what runs; the second ends at once. Results are stored as a whole or not at all.',
  flags: {
    ...JOB_FLAGS,
    only: {
      kind: 'list',
      value: '<steps>',
      says: 'only these steps, with what they need: id, +id, id+, tag:key, state:failed, !id',
    },
    from: { kind: 'list', value: '<steps>', says: 'these steps again, and all below them' },
    force: { kind: 'maybe', value: '<steps>', says: 'run everything, or these steps, again' },
    'no-memo': { kind: 'switch', says: 're-use nothing and keep nothing for later' },
    'keep-going': { kind: 'switch', says: 'after a failure, go on with what does not need it' },
    'fail-fast': { kind: 'switch', says: 'after a failure, cancel what runs' },
    'retry-failed': {
      kind: 'maybe',
      value: '<run>',
      says: 'only the steps that failed in the last run, or in this one',
    },
    jobs: { kind: 'number', short: 'j', value: '<n>', says: 'most steps at once (8)' },
    timeout: { kind: 'text', value: '<time>', says: 'cancel the run after this time: 90s, 10m, 2h' },
    summary: { kind: 'text', value: '<file>', says: 'write the result as JSON' },
    report: { kind: 'text', value: '<file>', says: 'write the report as one HTML file' },
    'dry-run': { kind: 'switch', says: 'the same as memo plan' },
  },
  examples: [
    'memo run',
    'memo run training --set source=docs.json',
    'memo run --only +report',
    'memo run --force=embed',
  ],
};

const plan: CommandForm = {
  group: 'every day',
  summary: 'what a run would do, and why; writes nothing',
  takes: '[job]',
  names: [0, 1],
  about:
    'What a run would do, with a reason for every step. Runs no op and writes nothing. Jobs with more than 200 steps are shown an op a line.',
  flags: {
    ...JOB_FLAGS,
    only: {
      kind: 'list',
      value: '<steps>',
      says: 'only these steps, with what they need: id, +id, id+, tag:key, state:stale, !id',
    },
    force: { kind: 'maybe', value: '<steps>', says: 'as if everything, or these steps, had to run again' },
    why: { kind: 'switch', says: 'the root causes of every step that would run' },
    all: { kind: 'switch', says: 'a line for each step, however many' },
    'exit-code': { kind: 'switch', says: 'exit with 10 when something would run' },
  },
  examples: ['memo plan', 'memo plan training --only +report', 'memo plan --exit-code --progress none'],
};

const why: CommandForm = {
  group: 'every day',
  summary: 'why a step runs, or is re-used, down to what changed',
  takes: '<step>',
  names: [1, 1],
  about:
    'Why a step will run, or is re-used: what differs from the last time, followed down to the changes that started it. Runs nothing and writes nothing.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    not: { kind: 'switch', says: 'what was checked for a step that is re-used' },
    against: {
      kind: 'text',
      value: '<run|version|any>',
      says: 'compare with this run or version instead of the last; any: with the result that is nearest, of any step and job',
    },
    depth: { kind: 'number', value: '<n>', says: 'follow changes at most that many steps up' },
    diff: { kind: 'switch', says: 'the whole difference of the sources' },
    all: { kind: 'switch', says: 'every root cause, not only the first 12' },
  },
  examples: ['memo why fit', 'memo why fit --diff', 'memo why fit --against last-2', 'memo why report --not'],
};

const dev: CommandForm = {
  group: 'every day',
  summary: 'watch, and run what became stale',
  takes: '[job]',
  names: [0, 1],
  about:
    'Watches the project and runs what became stale whenever a file is saved; Ctrl-C ends it. Each run is a process of its own, so that it has the code as it was saved.',
  flags: {
    ...JOB_FLAGS,
    only: { kind: 'list', value: '<steps>', says: 'only these steps, with what they need' },
    'plan-only': { kind: 'switch', says: 'say what would run, and run nothing' },
    debounce: { kind: 'number', value: '<ms>', says: `wait that long for more changes (${DEFAULT_DEBOUNCE_MS})` },
  },
  examples: ['memo dev', 'memo dev training --plan-only', 'memo dev --only embed'],
};

export const EVERY_DAY_FORMS: Readonly<Record<string, CommandForm>> = { run, plan, why, dev };
