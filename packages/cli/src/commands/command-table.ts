import type { Answer } from './command.ts';

/** The code behind every command; loaded when it is called. */
export const ANSWERS: Readonly<Record<string, () => Promise<Answer>>> = {
  run: async () => (await import('./run.ts')).answer,
  plan: async () => (await import('./plan.ts')).answer,
  why: async () => (await import('./why.ts')).answer,
  dev: async () => (await import('./dev.ts')).answer,
  graph: async () => (await import('./graph.ts')).answer,
  versions: async () => (await import('./versions.ts')).answer,
  runs: async () => (await import('./runs.ts')).answer,
  show: async () => (await import('./show.ts')).answer,
  diff: async () => (await import('./diff.ts')).answer,
  get: async () => (await import('./get.ts')).answer,
  report: async () => (await import('./report.ts')).answer,
  bless: async () => (await import('./bless.ts')).answer,
  cache: async () => (await import('./cache.ts')).answer,
  init: async () => (await import('./init.ts')).answer,
  check: async () => (await import('./check.ts')).answer,
  doctor: async () => (await import('./doctor.ts')).answer,
  hash: async () => (await import('./hash.ts')).answer,
  explain: async () => (await import('./explain.ts')).answer,
  completions: async () => (await import('./completions.ts')).answer,
};
