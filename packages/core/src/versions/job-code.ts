import { placeOf } from '../definitions/definition-site.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { Json } from '../definitions/version-strategy.ts';
import { MemoError } from '../errors/memo-error.ts';
import { sha256 } from '../hash/digest.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import { type ResolvedCode, resolveCode } from './code-versions.ts';
import type { PlannedResource, PlannedResources } from './planned-resources.ts';
import { part } from './record-key.ts';
import type { ResourceRecord } from './step-version-record.ts';
import { valueRecord } from './value-record.ts';
import type { OpIngredients } from './version-inputs.ts';

/** What is known of the code of a job. */
export interface JobCode {
  /** By op; ops without a version have no entry. */
  readonly ops: ReadonlyMap<OpDefinition, OpIngredients>;
  readonly resolved: ReadonlyMap<OpDefinition, ResolvedCode>;
  /** By name; provided values have no entry. */
  readonly resources: ReadonlyMap<string, ResolvedCode>;
  /** Manifests by {@link manifestKey}. */
  readonly manifests: ReadonlyMap<string, Json>;
  /** Resources whose code nothing tracks. */
  readonly untracked: readonly string[];
}

/**
 * The versions of all code of a memoized job.
 *
 * @throws MemoError M4001, M4008 (all of them together), and what the strategy throws.
 */
export async function resolveJobCode(
  job: JobDefinition,
  plan: ExecutionPlan,
  resources: PlannedResources,
): Promise<JobCode> {
  const ops = [...new Set(plan.uses.map(({ op }) => op))];
  const own = [...resources.values()].filter((resource) => resource.provided === undefined);
  const resolved = await resolveCode(job.versions, ops, own);
  const codeOfOp = new Map(ops.map((op, index) => [op, withDeclaredReads(op, resolved[index] as ResolvedCode)]));
  const codeOfResource = new Map(
    own.map((resource, index) => [resource.name, resolved[ops.length + index] as ResolvedCode]),
  );
  throwAll(job, [...unversionedOps(job, plan, codeOfOp), ...unversionedValues(job, resources)]);
  const ingredients = ingredientsOf({ ops, own, resolved, resources });
  const manifests = [...resolved].flatMap(({ version, by, manifest }) =>
    version === undefined || manifest === undefined ? [] : [[manifestKey(by, version), manifest] as const],
  );
  const untracked = own.filter(({ name }) => codeOfResource.get(name)?.version === undefined).map(({ name }) => name);
  return { ops: ingredients, resolved: codeOfOp, resources: codeOfResource, manifests: new Map(manifests), untracked };
}

/** The code of a job in the order of its questions: ops, then resources that are not provided. */
export interface AnsweredCode {
  readonly ops: readonly OpDefinition[];
  readonly own: readonly PlannedResource[];
  readonly resolved: readonly ResolvedCode[];
  readonly resources: PlannedResources;
}

/** What the versions of steps need of the code of their ops; ops without a version have no entry. */
export function ingredientsOf({
  ops,
  own,
  resolved,
  resources,
}: AnsweredCode): ReadonlyMap<OpDefinition, OpIngredients> {
  const ofResources = own.map(({ name }, at) => [name, resolved[ops.length + at] as ResolvedCode] as const);
  const records = resourceRecords(resources, new Map(ofResources));
  const ingredients = new Map<OpDefinition, OpIngredients>();
  for (const [index, op] of ops.entries()) {
    const { version, by } = resolved[index] as ResolvedCode;
    if (version === undefined) continue;
    const used = Object.entries(op.uses).map(([use, { name }]) => [use, records.get(name) as ResourceRecord] as const);
    ingredients.set(op, { code: version, by, resources: Object.fromEntries(used) });
  }
  return ingredients;
}

/** Reads of environment variables that the op declares are seen: their values are in the version. */
function withDeclaredReads(op: OpDefinition, code: ResolvedCode): ResolvedCode {
  if (op.env.length === 0 || code.uncertain.length === 0) return code;
  const declared = new Set(op.env.map(({ name }) => `env:${name}`));
  const uncertain = code.uncertain.filter(({ kind }) => !declared.has(kind));
  if (uncertain.length === code.uncertain.length) return code;
  return { ...code, uncertain, certainty: uncertain.length === 0 ? 'exact' : code.certainty };
}

/** Where the manifest of a code version is kept. */
export function manifestKey(by: string, code: string): string {
  return sha256(`memo.manifest/1;${part(by)}${part(code)}`);
}

function unversionedOps(
  job: JobDefinition,
  plan: ExecutionPlan,
  code: ReadonlyMap<OpDefinition, ResolvedCode>,
): readonly MemoError[] {
  if (job.unversioned === 'volatile') return [];
  const memoized = new Set(plan.uses.filter(({ policy }) => policy.memo !== 'off').map(({ op }) => op));
  return [...memoized].flatMap((op) => {
    const answer = code.get(op);
    if (answer === undefined || answer.version !== undefined) return [];
    return new MemoError('M4001', `Op "${op.name}" has no version, and job "${job.name}" is memoized.`, {
      because: answer.by === 'none' ? 'The job has no version strategy.' : `Strategy "${answer.by}" gave none.`,
      fix: `Declare \`version: '1'\` on the op, set \`memo: 'off'\` on it, or allow \`unversioned: 'volatile'\` in the job.`,
      place: placeOf(op.site),
      details: { job: job.name, op: op.name },
    });
  });
}

function unversionedValues(job: JobDefinition, resources: PlannedResources): readonly MemoError[] {
  if (job.versionProvidedValues) return [];
  return [...resources.values()].flatMap(({ name, provided }) =>
    provided === undefined || provided.version !== undefined
      ? []
      : new MemoError(
          'M4008',
          `The value provided for resource "${name}" has no version, and job "${job.name}" is memoized.`,
          {
            because: 'Results that used another value must not be taken for results of this one.',
            fix: `provide(${name}, value, { version: '1' }), and change the version when the value behaves differently.`,
            details: { job: job.name, resource: name },
          },
        ),
  );
}

function throwAll(job: JobDefinition, errors: readonly MemoError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new MemoError('M2000', `Job "${job.name}" cannot be memoized: ${errors.length} versions are missing.`, {
    errors,
    details: { job: job.name },
  });
}

function resourceRecords(
  resources: PlannedResources,
  code: ReadonlyMap<string, ResolvedCode>,
): ReadonlyMap<string, ResourceRecord> {
  const records = new Map<string, ResourceRecord>();
  for (const resource of resources.values()) {
    const { name, config, uses, provided } = resource;
    const given = code.get(name);
    const needed = Object.entries(uses).map(([use, other]) => [use, records.get(other) as ResourceRecord] as const);
    records.set(name, {
      name,
      code: provided === undefined ? (given?.version ?? null) : (provided.version ?? identityOf(resource)),
      by: provided === undefined ? (given?.version === undefined ? 'untracked' : given.by) : 'provided',
      config: valueRecord(config, `resource "${name}"`),
      resources: Object.fromEntries(needed),
    });
  }
  return records;
}

const identities = new WeakMap<object, string>();
let identityCount = 0;

/** Stands for a provided value without a version within this process: one object, one identity. */
function identityOf({ name, provided }: PlannedResource): string {
  const value = provided?.value;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    return `value:${name}:${typeof value}:${sha256(String(value))}`;
  const known = identities.get(value) ?? `object:${++identityCount}`;
  identities.set(value, known);
  return known;
}
