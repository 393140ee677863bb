import type { DefinitionSite } from './definition-site.ts';
import type { IOManagers } from './job-spec.ts';
import type { Policy } from './policy.ts';
import type { ResourceBinding } from './resource-binding.ts';
import type { SecretPath } from './secrets.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { VersionStrategy } from './version-strategy.ts';

/** What core knows of a job. */
export interface JobDefinition {
  readonly name: string;
  readonly config: StandardSchema | undefined;
  readonly secret: readonly SecretPath[];
  readonly versions: VersionStrategy | undefined;
  readonly io: IOManagers | undefined;
  readonly resources: readonly ResourceBinding[];
  readonly defaults: Policy | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly unversioned: 'error' | 'volatile';
  /** Give provided values without a version one of their own, for tests. */
  readonly versionProvidedValues: boolean;
  readonly pools: Readonly<Record<string, number>>;
  readonly build: (config: never) => unknown;
  readonly site: DefinitionSite;
}
