import { isBranded } from './definitions/brand.ts';
import { type AnyJob, type JobDefaults, withDefaults } from './job.ts';

/** What `memo.config.ts` says about a project. */
export interface ProjectSpec<J extends readonly AnyJob[]> extends JobDefaults {
  readonly jobs: J;
}

/** A project: its jobs, with the defaults filled in. */
export interface ProjectConfig<J extends readonly AnyJob[]> {
  readonly kind: 'project';
  /** The same jobs, in the same order; those that named no strategy or store have the project's. */
  readonly jobs: J;
}

/**
 * Gives a version strategy and a store to every job of a project that sets none. The given jobs are not changed: use those that
 * come back.
 *
 * @throws TypeError when two jobs have one name, or something else is among them.
 */
export function defineConfig<const J extends readonly AnyJob[]>(spec: ProjectSpec<J>): ProjectConfig<J> {
  if (!spec.jobs.every((given) => isBranded(given, 'job')))
    throw new TypeError('defineConfig: every one of `jobs` must be made by job(…).');
  const names = spec.jobs.map(({ name }) => name);
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (repeated !== undefined) throw new TypeError(`defineConfig: two jobs are called ${JSON.stringify(repeated)}.`);
  const jobs = spec.jobs.map((given) => withDefaults(given, spec)) as unknown as J;
  return Object.freeze({ kind: 'project', jobs });
}
