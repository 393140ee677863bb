import { systemClock } from './definitions/clock.ts';
import { captureSite } from './definitions/definition-site.ts';
import type { JobDefinition } from './definitions/job-definition.ts';
import type { IOManagers, JobSpec } from './definitions/job-spec.ts';
import { resolvePolicy } from './definitions/policy.ts';
import { checkSecretPaths } from './definitions/secrets.ts';
import { checkSchema, type InputOf, type NoConfig, type StandardSchema } from './definitions/standard-schema.ts';
import type { VersionStrategy } from './definitions/version-strategy.ts';
import { type AnyJob, checkPools, JOB, type Job, makeJob } from './execution/runnable-job.ts';
import { MemoryIOManager } from './stored/memory-io-manager.ts';

export { type AnyJob, JOB, type Job, makeJob, type Options } from './execution/runnable-job.ts';

/**
 * Defines a job. `build` is called when the job is planned or run, not here.
 *
 * @throws TypeError for a wrong name, policy, pool or build function.
 */
export function job<R, S extends StandardSchema = NoConfig>(name: string, spec: JobSpec<R, S>): Job<InputOf<S>, R> {
  if (typeof name !== 'string' || name === '') throw new TypeError('job(name, …) takes a name that is not empty.');
  if (typeof spec?.build !== 'function') throw new TypeError(`job(${JSON.stringify(name)}, …) needs a build function.`);
  checkSchema(`job ${JSON.stringify(name)}`, 'config', spec.config);
  checkSecretPaths(`job ${JSON.stringify(name)}`, spec.secret);
  resolvePolicy(`the defaults of job "${name}"`, spec.defaults);
  checkPools(`job "${name}"`, spec.pools ?? {});
  const definition: JobDefinition = Object.freeze({
    name,
    config: spec.config as StandardSchema | undefined,
    secret: spec.secret ?? [],
    versions: spec.versions,
    io: spec.io,
    resources: spec.resources ?? [],
    defaults: spec.defaults,
    tags: spec.tags ?? {},
    unversioned: spec.unversioned ?? 'error',
    versionProvidedValues: false,
    pools: spec.pools ?? {},
    build: spec.build as JobDefinition['build'],
    site: captureSite(job),
  });
  return makeJob({ definition, defaultManager: new MemoryIOManager(), clock: systemClock });
}

/** Values that jobs get where they name none of their own. */
export interface JobDefaults {
  readonly versions?: VersionStrategy;
  readonly io?: IOManagers;
}

/** The same job with defaults for what it leaves open. */
export function withDefaults<J extends AnyJob>(target: J, defaults: JobDefaults): J {
  const { definition, ...rest } = target[JOB];
  const versions = definition.versions ?? defaults.versions;
  const filled = Object.freeze({ ...definition, versions, io: definition.io ?? defaults.io });
  return makeJob({ ...rest, definition: filled }) as AnyJob as J;
}
