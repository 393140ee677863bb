import type { CommandEntry } from './command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    group: 'every day',
    summary: 'run what is missing or changed, re-use the rest',
    load: async () => (await import('./run.ts')).run,
  },
  plan: {
    group: 'every day',
    summary: 'what a run would do, and why; writes nothing',
    load: async () => (await import('./plan.ts')).plan,
  },
  why: {
    group: 'every day',
    summary: 'why a step runs, or is re-used, down to what changed',
    load: async () => (await import('./why.ts')).why,
  },
  dev: {
    group: 'every day',
    summary: 'watch, and run what became stale',
    load: async () => (await import('./dev.ts')).dev,
  },
  graph: {
    group: 'look around',
    summary: 'the steps and how they hang together',
    load: async () => (await import('./graph.ts')).graph,
  },
  versions: {
    group: 'look around',
    summary: 'the version of each step, and what it is made of',
    load: async () => (await import('./versions.ts')).versions,
  },
  runs: {
    group: 'look around',
    summary: 'what ran earlier',
    load: async () => (await import('./runs.ts')).runs,
  },
  show: {
    group: 'look around',
    summary: 'one run, step or version',
    load: async () => (await import('./show.ts')).show,
  },
  diff: {
    group: 'look around',
    summary: 'two runs, or a run and now',
    load: async () => (await import('./diff.ts')).diff,
  },
  get: {
    group: 'results',
    summary: 'the stored value of a step',
    load: async () => (await import('./get.ts')).get,
  },
  report: {
    group: 'results',
    summary: 'a run as one HTML file',
    load: async () => (await import('./report.ts')).report,
  },
  bless: {
    group: 'results',
    summary: 'keep a stored result after a change of code that changes none',
    load: async () => (await import('./bless.ts')).bless,
  },
  cache: {
    group: 'results',
    summary: 'what is stored: list, measure, check, prune',
    load: async () => (await import('./cache.ts')).cache,
  },
  init: {
    group: 'project',
    summary: 'a config, a job and a test to start from',
    load: async () => (await import('./init.ts')).init,
  },
  check: {
    group: 'project',
    summary: 'every job, without running it',
    load: async () => (await import('./check.ts')).check,
  },
  doctor: {
    group: 'project',
    summary: 'whether memo has what it needs',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  hash: {
    group: 'project',
    summary: 'the versions that a bundle needs, as a file',
    load: async () => (await import('./hash.ts')).hash,
  },
  explain: {
    group: 'project',
    summary: 'what an error code means',
    load: async () => (await import('./explain.ts')).explain,
  },
  completions: {
    group: 'project',
    summary: 'completion for bash, zsh or fish',
    load: async () => (await import('./completions.ts')).completions,
  },
};
