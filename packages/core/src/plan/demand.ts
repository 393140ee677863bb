import type { OpDefinition } from '../definitions/op-definition.ts';
import { type ExecutionPlan, type ExecutionStep, forEachOutput } from '../trace/execution-plan.ts';
import type { Action } from './reason.ts';
import type { Steps } from './step-set.ts';

/** What is known of each step before it is decided which ones run. */
export interface StepFacts {
  readonly plan: ExecutionPlan;
  /** Steps to bring up to date; their ancestors are looked at too. */
  readonly roots: Steps;
  /** Every step that is a root or above one. */
  readonly cone: Steps;
  /** True only where every step is known and present, and none is forced: then there is little to decide. */
  readonly settled?: boolean;
  /** True for steps that run whenever they are in the cone: refreshed, expired, volatile. */
  readonly forced: (step: number) => boolean;
  /** The version under which a step's results are shared; `undefined` where they are not, or it is not known. */
  readonly sharedVersion: (step: number) => string | undefined;
  /** False while the step's version depends on what a volatile step gives. */
  readonly known: (step: number) => boolean;
  /** True when the step is committed and everything of it that is read is there. */
  readonly present: (step: number) => boolean;
  /** True when the records say that the step left an output out. */
  readonly absent: (step: number, output: string) => boolean;
  /** True when the records say what the step gave, though it need not be there. */
  readonly bound: (step: number) => boolean;
  /** True for a step that could be bound to what an earlier execution gave, if that had read the same. */
  readonly aliasable: (step: number) => boolean;
  /** True where others may store values that no record tells of. */
  readonly hasOthers: boolean;
  /** True for a step that is committed by its value alone, and of which there may be one that no record tells of. */
  readonly unrecorded: (step: number) => boolean;
  /** True for a step that gets another life if it runs, of which no record may tell what was made from it. */
  readonly relived: (step: number) => boolean;
  /** True when an earlier execution is known to have read the same. `isSkipped` tells steps all whose outputs are absent. */
  readonly precedented: (step: number, isSkipped: (step: number) => boolean) => boolean;
}

/** Why a step has its action, as far as demand decides it. */
export interface Decision {
  readonly action: Action;
  /** For `pending`: the step on which it depends. For a step skipped for an absent input: that input. */
  readonly because?: number | { readonly input: string; readonly step: number; readonly output: string };
}

/**
 * Decides from the demanded outputs upwards: what is present is re-used and asks for nothing; what runs needs its inputs; what
 * nobody needs is not computed again. Below a step that runs, what is present is `pending`: it is re-used unless the step turns
 * out to give something else. So is what is not there but was computed by the same code: what it reads may turn out to be what was
 * read then. So, too, is what no record tells of, below a step whose earlier life left traces: it may have been computed from the next one.
 */
export function decideDemand(facts: StepFacts): readonly Decision[] {
  const { size } = facts.plan;
  const absentInputs = findAbsentInputs(facts);
  if (facts.settled === true && absentInputs.length === 0) return Array.from({ length: size }, () => REUSE);
  const avoidable = findAvoidable(facts, absentInputs);
  const needed = markNeeded(facts, { absentInputs, avoidable });
  const wanted = new Uint8Array(size);
  for (;;) {
    const decisions = decideSteps({ facts, absentInputs, avoidable, needed, wanted });
    // What may have to run after all may give something else, which those that read it have to wait for.
    if (!addNeededIf(facts, decisions, wanted)) return decisions;
  }
}

function decideSteps(known: Omit<Deciding, 'above'>): Decision[] {
  const { facts, absentInputs, needed, wanted } = known;
  const mayRun = (step: number): boolean => wanted[step] === 1 || (needed[step] === 1 && isGone(facts, step));
  const hasRunningTwin = runningTwins(facts, (step) => absentInputs[step] === undefined && mayRun(step));
  const unstable = new Int32Array(facts.plan.size).fill(STABLE);
  const isUnstable = (step: number): boolean => unstable[step] !== STABLE;
  const isSettledByOther = (step: number): boolean => isUnstable(step) && wanted[unstable[step] as number] === 0;
  /** The step on which it depends what is above another one gives; one that is only wanted may wait for that other one itself. */
  const above = (step: number): number | undefined => {
    const { upstream } = facts.plan;
    const found = upstream.find(step, isSettledByOther) ?? upstream.find(step, isUnstable);
    return found === undefined ? undefined : unstable[found];
  };
  const deciding = { ...known, above };
  const decisions: Decision[] = [];
  for (let step = 0; step < facts.plan.size; step++) {
    const decision = decideStep(step, deciding);
    const isOpen = decision.action === 'run' || decision.action === 'pending';
    if (wanted[step] === 1 && !isOpen) unstable[step] = above(step) ?? step;
    else if (isOpen || hasRunningTwin(step)) unstable[step] = step;
    // What is not there and not needed may get another version, too, and who reads it is told by what is above it.
    else if (decision === SKIP && facts.cone.has(step)) unstable[step] = above(step) ?? STABLE;
    decisions.push(decision);
  }
  return decisions;
}

type AbsentInput = { readonly input: string; readonly step: number; readonly output: string };

interface Deciding {
  readonly facts: StepFacts;
  readonly absentInputs: readonly (AbsentInput | undefined)[];
  readonly avoidable: Uint8Array;
  readonly needed: Uint8Array;
  /** 1 for steps that are not there, and that one which is pending may need. */
  readonly wanted: Uint8Array;
  /** The step on which it depends what is above a step gives: one that runs, is pending, or may get another content. */
  readonly above: (step: number) => number | undefined;
}

function decideStep(index: number, deciding: Deciding): Decision {
  const { facts, absentInputs, avoidable, needed } = deciding;
  if (!facts.cone.has(index)) return facts.known(index) && facts.present(index) ? REUSE : SKIP;
  const upstream = deciding.above(index);
  const absentInput = absentInputs[index];
  if (absentInput !== undefined)
    return upstream === undefined ? { action: 'skip', because: absentInput } : { action: 'pending', because: upstream };
  if (facts.forced(index)) return RUN;
  if (!facts.known(index)) return { action: 'pending', because: upstream ?? index };
  if (facts.present(index)) return upstream === undefined ? REUSE : { action: 'pending', because: upstream };
  if (needed[index] === 0) return SKIP;
  return avoidable[index] !== 0 ? { action: 'pending', because: upstream ?? index } : RUN;
}

/**
 * Marks what is not there and yet may not have to run: below something that is not settled yet, what the same code computed before;
 * elsewhere, what an earlier execution is known to have computed from the same.
 */
function findAvoidable(facts: StepFacts, absentInputs: readonly (AbsentInput | undefined)[]): Uint8Array {
  const { size, upstream } = facts.plan;
  const avoidable = new Uint8Array(size);
  const unsettled = new Uint8Array(size);
  const isSkipped = (step: number): boolean => absentInputs[step] !== undefined;
  const isUnsettled = (step: number): boolean => unsettled[step] === 1;
  /** For each step 1 where it, or one above it, may get another life; made up when it is first asked for. */
  let otherLives: Uint8Array | undefined;
  const isBelowOther = (step: number): boolean => {
    otherLives ??= findOtherLives(facts, isSkipped);
    const lives = otherLives;
    return upstream.find(step, (other) => lives[other] === 1) !== undefined;
  };
  for (let index = 0; index < size; index++) {
    const isBelow = upstream.find(index, isUnsettled) !== undefined;
    const isMissing = facts.known(index) && !facts.forced(index) && !facts.present(index);
    const isOpen = facts.forced(index) || !facts.known(index) || (isMissing && !facts.bound(index));
    if (isBelow || (isOpen && !isSkipped(index))) unsettled[index] = 1;
    if (!isMissing || isSkipped(index) || !facts.cone.has(index)) continue;
    if (facts.aliasable(index) && (isBelow || facts.precedented(index, isSkipped))) {
      avoidable[index] = BY_WHAT_IS_READ;
    } else if ((isBelow || facts.hasOthers) && facts.unrecorded(index) && isBelowOther(index)) {
      avoidable[index] = BY_WHAT_RUNS;
    }
  }
  return avoidable;
}

function findOtherLives(facts: StepFacts, isSkipped: (step: number) => boolean): Uint8Array {
  const lives = new Uint8Array(facts.plan.size);
  const hasOther = (step: number): boolean => lives[step] === 1;
  for (let index = 0; index < lives.length; index++) {
    const isOther = isGone(facts, index) && !isSkipped(index) && facts.relived(index);
    if (isOther || facts.plan.upstream.find(index, hasOther) !== undefined) lives[index] = 1;
  }
  return lives;
}

const REUSE: Decision = { action: 'reuse' };
const RUN: Decision = { action: 'run' };
const SKIP: Decision = { action: 'skip' };
/** Of steps that may be found rather than run: by the digests of what they read, or by what a step above them gives when it runs. */
const [BY_WHAT_IS_READ, BY_WHAT_RUNS] = [1, 2];
/** In place of the step on which it depends what another one gives: on none. */
const STABLE = -1;

/** Tells the steps that share their version with one that runs: they get what that gives. Made up when it is first asked for. */
function runningTwins(facts: StepFacts, isNeeded: (step: number) => boolean): (step: number) => boolean {
  const ops = new Set<OpDefinition>();
  let versions: Set<string> | undefined;
  const find = (): Set<string> => {
    const found = new Set<string>();
    for (let step = 0; step < facts.plan.size; step++) {
      const version = isNeeded(step) ? facts.sharedVersion(step) : undefined;
      if (version === undefined) continue;
      found.add(version);
      ops.add(facts.plan.useOf(step).op);
    }
    return found;
  };
  return (step) => {
    versions ??= find();
    return versions.size > 0 && ops.has(facts.plan.useOf(step).op) && versions.has(facts.sharedVersion(step) ?? '');
  };
}

/** True for a step that has to be computed if it is needed, or found as something that was computed before. */
function isGone(facts: StepFacts, step: number): boolean {
  return facts.forced(step) || (facts.known(step) && !facts.present(step));
}

/**
 * Marks what must be there: roots, forced steps, and whatever a step that runs for certain consumes. A step that may not have to run
 * needs to know what it would read: only those above of which nobody knows what they give.
 */
function markNeeded(
  facts: StepFacts,
  { absentInputs, avoidable }: Pick<Deciding, 'absentInputs' | 'avoidable'>,
): Uint8Array {
  const needed = new Uint8Array(facts.plan.size);
  const open: number[] = [];
  const need = (step: number): void => {
    if (needed[step] === 1) return;
    needed[step] = 1;
    open.push(step);
  };
  for (const root of facts.roots) need(root);
  for (const step of facts.cone) if (facts.forced(step)) need(step);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (absentInputs[next] !== undefined) continue;
    const needsDigestsOnly = avoidable[next] === BY_WHAT_IS_READ;
    if (!needsDigestsOnly && !isGone(facts, next)) continue;
    for (const upstream of facts.plan.upstream.of(next))
      if (!needsDigestsOnly || !(facts.present(upstream) || facts.bound(upstream))) need(upstream);
  }
  return needed;
}

/** What only pending steps may need is pending too, if it is not there. True where some of it was not known to be wanted. */
function addNeededIf(facts: StepFacts, result: Decision[], wanted: Uint8Array): boolean {
  let isNew = false;
  for (let index = result.length - 1; index >= 0; index--) {
    const decision = result[index] as Decision;
    if (decision.action !== 'skip' || decision.because !== undefined || !facts.cone.has(index)) continue;
    const consumer = facts.plan.downstream.find(index, (other) => result[other]?.action === 'pending');
    if (consumer === undefined) continue;
    result[index] = { action: 'pending', because: consumer };
    if (wanted[index] === 0) isNew = true;
    wanted[index] = 1;
  }
  return isNew;
}

/** For each step, an input that is absent; empty where no op may leave an output out. */
function findAbsentInputs(facts: StepFacts): readonly (AbsentInput | undefined)[] {
  const { uses } = facts.plan;
  if (!uses.some(({ op }) => op.outputs.some(({ optional }) => optional))) return [];
  const { steps } = facts.plan;
  const absentInputs = steps.map((step) => findAbsentInput(facts, step));
  for (const step of steps) absentInputs[step.index] ??= inheritedAbsence(step, absentInputs);
  return absentInputs;
}

function findAbsentInput(facts: StepFacts, step: ExecutionStep): AbsentInput | undefined {
  for (const [at, source] of step.sources.entries()) {
    if (source.kind === 'output' && facts.absent(source.step, source.output)) {
      return { input: step.names[at] as string, step: source.step, output: source.output };
    }
  }
  return undefined;
}

/** All outputs of a step that is skipped for an absent input are absent. */
function inheritedAbsence(
  step: ExecutionStep,
  absentInputs: readonly (AbsentInput | undefined)[],
): AbsentInput | undefined {
  for (const [at, source] of step.sources.entries()) {
    if (source.kind === 'output' && absentInputs[source.step] !== undefined) {
      return { input: step.names[at] as string, step: source.step, output: source.output };
    }
  }
  return undefined;
}

/** For each step, the outputs that another step or the job reads. */
export function readOutputs(plan: ExecutionPlan): (step: number, output: string) => boolean {
  if (plan.uses.every(({ op }) => op.outputs.length < 2)) return () => true;
  const read = new Map<number, Set<string>>();
  const add = (step: number, output: string): void => {
    if (plan.useOf(step).op.outputs.length < 2) return;
    const outputs = read.get(step) ?? new Set();
    read.set(step, outputs.add(output));
  };
  for (const { sources } of plan.steps)
    for (const source of sources) forEachOutput(source, (from) => add(from.step, from.output));
  const open = [...plan.results.values()];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'output') add(node.step, node.output);
    else open.push(...(node.kind === 'list' ? node.items : node.fields.values()));
  }
  return (step, output) => plan.useOf(step).op.outputs.length < 2 || read.get(step)?.has(output) === true;
}
