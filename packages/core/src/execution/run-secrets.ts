import type { PlannedJob } from '../plan/plan-job.ts';

/** What a run must write nowhere: secrets of its config, of its resources, of its steps, and of the environment. */
export function* secretsOf(planned: PlannedJob): Generator<unknown> {
  for (const { value } of planned.config.secrets) yield value;
  for (const { config } of planned.resources.values()) for (const { value } of config.secrets) yield value;
  for (const { config, op } of planned.traced.uses) {
    for (const { value } of config.secrets) yield value;
    for (const { name, secret } of op.env) if (secret) yield process.env[name];
  }
}
