import type { AnyRun } from './run-story.ts';
import { ranOnlyVerdict, ranVerdict, reusedEverythingVerdict, reusedVerdict } from './run-verdict.ts';
import { expectPass } from './verdict.ts';

/**
 * Checks that the named steps were re-used.
 *
 * @param steps ids, in which `*` stands for any text; none: at least one step.
 * @throws AssertionError saying what ran instead and why, or that there is no such step.
 */
export function expectReused(run: AnyRun, ...steps: readonly string[]): void {
  expectPass(reusedVerdict(run, { steps }), 'expectReused');
}

/**
 * Checks that a run succeeded, ran no op, and re-used something.
 *
 * @throws AssertionError saying what ran and why.
 */
export function expectReusedEverything(run: AnyRun): void {
  expectPass(reusedEverythingVerdict(run), 'expectReusedEverything');
}

/**
 * Checks that the ops of the named steps ran.
 *
 * @param steps ids, in which `*` stands for any text; none: at least one step.
 * @throws AssertionError saying what happened to them instead, or that there is no such step.
 */
export function expectRan(run: AnyRun, ...steps: readonly string[]): void {
  expectPass(ranVerdict(run, { steps }), 'expectRan');
}

/**
 * Checks that the ops of the named steps ran and no others.
 *
 * @param steps ids, in which `*` stands for any text; none: nothing ran.
 * @throws AssertionError saying which others ran and why, or that there is no such step.
 */
export function expectRanOnly(run: AnyRun, ...steps: readonly string[]): void {
  expectPass(ranOnlyVerdict(run, { steps }), 'expectRanOnly');
}
