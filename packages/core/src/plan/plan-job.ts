import { AnswerLimit, type Clock } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import { type IOManagers, MEMOIZED_RUN_TAG } from '../definitions/job-spec.ts';
import type { ResourceBinding } from '../definitions/resource-binding.ts';
import type { VersionStrategy } from '../definitions/version-strategy.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { Bindings } from '../records/bindings.ts';
import { type ConfigValue, configValue, schemaOf, validateConfigLater } from '../trace/config-value.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import { checkDeterministic, traceJob } from '../trace/trace-job.ts';
import { hasPrevious, strategyOf, strategyText } from '../versions/ask-strategy.ts';
import { type JobCode, manifestKey, resolveJobCode } from '../versions/job-code.ts';
import type { PlannedResources } from '../versions/planned-resources.ts';
import { VERSION_SCHEMAS, type VersionSchemas } from '../versions/step-version-record.ts';
import { StepVersions } from '../versions/step-versions.ts';
import { VersionTwins } from '../versions/version-index.ts';
import type { VersionInputs } from '../versions/version-inputs.ts';
import { declaredElsewhere } from './declared-elsewhere.ts';
import { type Decision, decideDemand, readOutputs } from './demand.ts';
import type { Elsewhere } from './elsewhere.ts';
import { forcedSteps, isAgeless, type RefreshRequest, refreshedBy, volatileBecause } from './forced-steps.ts';
import { type Forced, JobPlan } from './job-plan.ts';
import { checkManagers, DEFAULT_MANAGER, hasSeveral, type ManagersByKey, managersByKey } from './managers.ts';
import type { ContextScope } from './output-contexts.ts';
import { jobWarnings, storeWarnings } from './plan-warnings.ts';
import { findMissing, type MissingOutputs, type PresenceQuestion } from './presence.ts';
import { doubtedSteps, tracesIn } from './rebound-steps.ts';
import type { CodeChanges } from './record-diff.ts';
import { demandedBy } from './selection.ts';
import { StepSet } from './step-set.ts';
import { committedByOutput, StoredSteps } from './stored-steps.ts';

/** What a plan is asked for; see the options of `job.plan` and `job.run`. */
export interface PlanRequest extends RefreshRequest {
  readonly config: unknown;
  readonly resources: readonly ResourceBinding[];
  readonly io: IOManagers | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** How long what planning asks may take to answer. */
  readonly answerTimeoutMs: number;
}

/** What planning needs of its surroundings. */
export interface PlanSurroundings {
  readonly clock: Clock;
  readonly scope: ContextScope;
  /** Where outputs go when neither job nor run says. */
  readonly defaultManager: IOManager;
  /** The bindings that belong to a job's default manager. */
  readonly bindingsOf: (manager: IOManager) => Bindings;
  /** Default: those of this release. */
  readonly schemas?: VersionSchemas | undefined;
}

/** A plan with all that running it needs. */
export interface PlannedJob {
  readonly job: JobDefinition;
  readonly config: ConfigValue;
  readonly traced: ExecutionPlan;
  readonly managers: ManagersByKey;
  readonly resources: PlannedResources;
  readonly plan: JobPlan;
  readonly decisions: readonly Decision[];
  readonly tags: Readonly<Record<string, string>>;
  readonly isRead: (step: number, output: string) => boolean;
  /** `undefined` when the run is not memoized. */
  readonly memoized: MemoizedJob | undefined;
}

/** What a memoized plan has beside. */
export interface MemoizedJob {
  readonly code: JobCode;
  readonly log: Bindings;
  readonly stored: StoredSteps;
  /** Which steps have one of the versions that they were planned with. */
  readonly twins: VersionTwins;
  readonly missing: MissingOutputs;
  /** What a run copies to where it is kept. */
  readonly elsewhere: Elsewhere;
  readonly isVolatile: (step: number) => boolean;
  /** The same for all steps that use an op in one way. */
  readonly isVolatileUse: (use: number) => boolean;
  /** When it was planned, milliseconds since the epoch: what expires later counts for the next plan. */
  readonly now: number;
}

/**
 * Plans a job: traces it, computes versions, asks the stores what is there, and decides what runs. Runs no op and writes nothing.
 *
 * @throws MemoError for a wrong definition or config (M2…, M3…), missing versions (M4…), stores that cannot tell (M5…).
 */
export async function planJob(job: JobDefinition, request: PlanRequest, around: PlanSurroundings): Promise<PlannedJob> {
  const owner = { name: `job "${job.name}"`, secret: job.secret, place: () => placeOf(job.site) };
  const limit = new AnswerLimit({ clock: around.clock, timeoutMs: request.answerTimeoutMs });
  const validated = await limit.of(validateConfigLater(job.config, request.config, owner), schemaOf(owner));
  const config = configValue(validated, `config of ${job.name}`, job.secret);
  const traced = trace(job, config);
  if (config.secrets.length > 0) (await import('./secret-check.ts')).checkSecrets(traced, config);
  const given = managersByKey(job.io, request.io);
  const managers = given.has(DEFAULT_MANAGER) ? given : new Map([[DEFAULT_MANAGER, around.defaultManager], ...given]);
  const tags = { ...job.tags, ...request.tags };
  const memoizes = isMemoized(job, request, tags);
  checkManagers(traced, managers, memoizes);
  const bound = [...job.resources, ...request.resources];
  const resources = await resourcesOf(traced, bound, limit);
  const common = { job, config, traced, managers, resources, tags, isRead: readOutputs(traced) };
  return memoizes ? planMemoized(common, request, { ...around, limit }) : planPlain(common, request);
}

/** Jobs without resources need not load what plans these. */
async function resourcesOf(
  { uses }: ExecutionPlan,
  bound: readonly ResourceBinding[],
  limit: AnswerLimit,
): Promise<PlannedResources> {
  const ops = new Set(uses.map(({ op }) => op));
  if (bound.length === 0 && [...ops].every((op) => Object.keys(op.uses).length === 0)) return new Map();
  const { planResources } = await import('../versions/planned-resources.ts');
  return planResources(ops, bound, limit);
}

type CommonParts = Omit<PlannedJob, 'plan' | 'decisions' | 'memoized'>;

const checkedBuilds = new WeakSet<JobDefinition>();
const LARGEST_BUILD_TO_CHECK = 2_000;

function trace(job: JobDefinition, config: ConfigValue): ExecutionPlan {
  const traceable = { job: job.name, build: job.build, config: config.fresh(), defaults: job.defaults };
  const traced = traceJob(traceable);
  if (!checkedBuilds.has(job) && traced.size <= LARGEST_BUILD_TO_CHECK) {
    checkDeterministic(traceable, traced);
    checkedBuilds.add(job);
  }
  return traced;
}

/** The tag beats everything; the run's beats the job's. Without it a job is memoized when it has a strategy. */
function isMemoized(job: JobDefinition, request: PlanRequest, tags: Readonly<Record<string, string>>): boolean {
  const tag = tags[MEMOIZED_RUN_TAG];
  if (tag === 'false' || request.memo === 'off') return false;
  return tag === 'true' || job.versions !== undefined;
}

function planPlain(common: CommonParts, request: PlanRequest): PlannedJob {
  const { roots, cone, selected } = demandedBy(common.traced, request.only);
  // Everything runs; selectors that match nothing are refused all the same.
  refreshedBy(common.traced, request, cone);
  const everything = { ...ALWAYS, plan: common.traced, roots, cone };
  const decisions = decideDemand({ ...everything, forced: () => true });
  const forced = new Map([...cone].map((step): [number, Forced] => [step, { code: 'memo-off' }]));
  const parts = {
    traced: common.traced,
    decisions,
    forced,
    missing: new Map(),
    elsewhere: new Map(),
    roots,
    inSelection: selected,
    stored: undefined,
  };
  const plan = new JobPlan({ ...parts, codeChanges: () => [], warnings: [] });
  return { ...common, plan, decisions, memoized: undefined };
}

const NEVER = (): boolean => false;
const ALWAYS = {
  sharedVersion: () => undefined,
  known: () => true,
  present: NEVER,
  absent: NEVER,
  bound: NEVER,
  aliasable: NEVER,
  hasOthers: false,
  unrecorded: NEVER,
  relived: NEVER,
  precedented: NEVER,
};

interface MemoizedSurroundings extends PlanSurroundings {
  readonly limit: AnswerLimit;
}

async function planMemoized(
  common: CommonParts,
  request: PlanRequest,
  around: MemoizedSurroundings,
): Promise<PlannedJob> {
  const { job, traced, managers } = common;
  const strategy = strategyText(job.versions);
  const code = await around.limit.of(resolveJobCode(job, traced, common.resources), strategy);
  const manager = managers.get(DEFAULT_MANAGER) as IOManager;
  const log = around.bindingsOf(manager);
  await log.refresh({ signal: around.scope.signal });
  const volatileUses = traced.uses.map((use) => volatileBecause(use, code) !== undefined);
  const isVolatileUse = (use: number): boolean => volatileUses[use] === true;
  const isVolatile = (step: number): boolean => volatileUses[traced.useNumber(step)] === true;
  const { current, previous } = around.schemas ?? VERSION_SCHEMAS;
  const inputs: VersionInputs = {
    plan: traced,
    ops: code.ops,
    volatile: isVolatile,
    pins: new Map([...log.pins.values()].map(({ stepVersion, pub }) => [stepVersion, pub])),
    schema: current,
  };
  const versions = new StepVersions(inputs);
  const view = log.table.snapshot();
  const mayHaveEarlier = !view.isEmpty && job.versions !== undefined && hasPrevious(job.versions);
  const codes = mayHaveEarlier
    ? await around.limit.of(
        (await import('../versions/earlier-code.ts')).earlierCode(job, common.resources, code),
        strategy,
      )
    : [];
  const schemas = view.isEmpty ? [] : previous;
  // Most plans have no earlier scheme to look under, and need not load what does.
  const planned =
    schemas.length + codes.length === 0
      ? view
      : (await import('./upgrades.ts')).upgradedView(versions, view, { inputs, schemas, codes });
  const stored = new StoredSteps(traced, versions, planned);
  const { roots, cone, selected } = demandedBy(traced, request.only);
  const now = around.clock.now();
  const overwrites = [...managers.values()].some(({ capabilities }) => capabilities?.atomicCreate !== true);
  const twins = new VersionTwins(versions.column);
  const rebound = { traced, stored, overwrites, boundOnce: stored.boundOnce(), twins };
  const forced = forcedSteps({ ...rebound, request, code, cone, now });
  const doubted = doubtedSteps(rebound, cone);
  const count = traced.size;
  const isSteady = !volatileUses.includes(true) && versions.areKnown;
  const known = isSteady ? StepSet.all(count) : StepSet.where(count, (step) => versions.isKnown(step));
  const shared = isSteady ? known : StepSet.where(count, (step) => !isVolatile(step));
  const askable = isSteady ? known : StepSet.where(count, (step) => known.has(step) && shared.has(step));
  const question = { stored, managers, scope: around.scope, isRead: common.isRead };
  const missing = await findMissing(question, askable);
  const elsewhere = await heldElsewhere(question, new Map([...missing].filter(([step]) => cone.has(step))));
  for (const step of elsewhere.keys()) missing.delete(step);
  for (const index of missing.keys()) if (isAgeless(forced.get(index))) forced.delete(index);
  const isForced = StepSet.where(count, (step) => forced.has(step));
  const isGone = (step: number): boolean => missing.has(step) || isForced.has(step) || doubted.has(step);
  const settled = isSteady && missing.size === 0 && forced.size === 0 && doubted.size === 0;
  const present = settled ? known : StepSet.where(count, (step) => shared.has(step) && !isGone(step));
  // Of a store that keeps no records each process knows only what it has stored there itself.
  const hasOthers = !log.isShared && manager.capabilities?.shared !== false;
  let traces: Uint8Array | undefined;
  const decisions = decideDemand({
    plan: traced,
    settled,
    roots,
    cone,
    sharedVersion: (step) => (shared.has(step) ? versions.version(step) : undefined),
    known: (step) => known.has(step),
    forced: (step) => isForced.has(step),
    present: (step) => present.has(step),
    absent: (step, output) => stored.isAbsent(step, output),
    bound: (step) => stored.entry(step) !== undefined,
    aliasable: (step) => !traced.useOf(step).op.effect && stored.entry(step) === undefined && stored.knowsCode(step),
    hasOthers,
    unrecorded: (step) => {
      const { op } = traced.useOf(step);
      return !op.effect && committedByOutput({ op }) && (hasOthers || stored.entry(step) === undefined);
    },
    relived: (step) => {
      if (stored.entry(step) !== undefined) return hasOthers;
      traces ??= tracesIn({ traced, stored, twins, missing, isVolatile });
      return traces[step] === 1;
    },
    precedented: (step, isSkipped) => {
      const key = stored.contentKey(step, isSkipped);
      return key !== undefined && stored.executionsOn(key).length > 0;
    },
  });
  const warnings = [
    ...jobWarnings(job.name, code, manager),
    ...declaredElsewhere(stored, decisions),
    ...storeWarnings(managers),
  ];
  const codeChanges = codeChangesOf(job.versions, code, log);
  const plan = new JobPlan({
    traced,
    decisions,
    forced,
    missing,
    elsewhere,
    roots,
    inSelection: selected,
    stored,
    codeChanges,
    warnings,
  });
  const memoized = { code, log, stored, twins, missing, elsewhere, isVolatile, isVolatileUse, now };
  return { ...common, plan, decisions, memoized };
}

/** Most jobs have one manager, and need not load what looks into others. */
async function heldElsewhere(question: PresenceQuestion, missing: MissingOutputs): Promise<Elsewhere> {
  if (missing.size === 0 || !hasSeveral(question.managers)) return new Map();
  const { findElsewhere } = await import('./elsewhere.ts');
  return findElsewhere(question, missing);
}

function codeChangesOf(strategy: VersionStrategy | undefined, code: JobCode, log: Bindings): CodeChanges {
  return (before, after) => {
    if (strategy === undefined || before.by !== after.by || before.code === null || after.code === null) return [];
    const giver = strategyOf(strategy, after.by);
    const old = log.table.manifest(manifestKey(before.by, before.code));
    const now =
      code.manifests.get(manifestKey(after.by, after.code)) ?? log.table.manifest(manifestKey(after.by, after.code));
    if (old === undefined || now === undefined) return [];
    try {
      return giver?.diffManifests?.(old, now) ?? [];
    } catch {
      // An explanation that cannot be made is left out; it decides nothing.
      return [];
    }
  };
}
