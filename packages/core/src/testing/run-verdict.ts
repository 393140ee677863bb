import { type AnyRun, type Ending, RunStory } from './run-story.ts';
import { stepsNamed } from './step-pattern.ts';
import type { Verdict } from './verdict.ts';

/** What is asked about a run. */
export interface RunQuestion {
  /** Ids of steps, in which `*` stands for any text. */
  readonly steps: readonly string[];
  /** The opposite is asked: whether it holds for any of the steps. Default: `false`. */
  readonly negated?: boolean;
}

/** Whether the named steps were re-used; of no named steps, any. */
export function reusedVerdict(run: AnyRun, question: RunQuestion): Verdict {
  return endedVerdict(new RunStory(run, 'toHaveReused'), 'reused', question);
}

/** Whether the ops of the named steps ran; of no named steps, any. */
export function ranVerdict(run: AnyRun, question: RunQuestion): Verdict {
  return endedVerdict(new RunStory(run, 'toHaveRun'), 'ran', question);
}

/** Whether exactly the named steps ran. */
export function ranOnlyVerdict(run: AnyRun, { steps }: RunQuestion): Verdict {
  const story = new RunStory(run, 'toHaveRunOnly');
  const expected = stepsNamed(steps, story.ids);
  const actual = story.ended('ran');
  const missing = expected.filter((id) => !actual.includes(id));
  const extra = actual.filter((id) => !expected.includes(id));
  const pass = missing.length + extra.length === 0;
  const difference = [
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} did not run`]),
    ...(extra.length === 0 ? [] : [`${extra.join(', ')} ran too`]),
  ];
  const message = (): string =>
    pass
      ? told(`Expected another set of steps to run than ${listed(expected)}.`, story)
      : told(`Expected only ${listed(expected)} to run, but ${difference.join(' and ')}.`, story);
  return { pass, message, expected, actual };
}

/** Whether the run succeeded without running anything, and there was something to re-use. */
export function reusedEverythingVerdict(run: AnyRun): Verdict {
  const story = new RunStory(run, 'toHaveReusedEverything');
  const others = (['ran', 'failed', 'not run'] as const).flatMap((ending) =>
    story.ended(ending).map((id) => (ending === 'not run' ? `${id} did not run` : `${id} ${ending}`)),
  );
  const pass = others.length === 0 && run.status === 'success' && run.reused.length > 0;
  const instead = others.length === 0 ? (run.reused.length > 0 ? `the run was a ${run.status}` : 'nothing was') : '';
  const message = (): string =>
    pass
      ? told('Expected something to run, but everything was reused.', story)
      : told(`Expected everything to be reused, but ${instead || others.join(', ')}.`, story);
  return { pass, message };
}

function endedVerdict(story: RunStory, ending: Ending, { steps, negated = false }: RunQuestion): Verdict {
  const all = story.ended(ending);
  if (steps.length === 0) {
    const message = (): string =>
      told(`Expected ${all.length > 0 ? 'no' : 'any'} step to have ${DONE[ending]}.`, story);
    return { pass: all.length > 0, message };
  }
  const asked = stepsNamed(steps, story.ids);
  const did = asked.filter((id) => all.includes(id));
  const pass = negated ? did.length > 0 : did.length === asked.length;
  const others = asked.filter((id) => !all.includes(id)).map((id) => `${id} ${INSTEAD[story.ending(id)]}`);
  const message = (): string =>
    pass
      ? told(`Expected ${listed(did)} not to have ${DONE[ending]}.`, story)
      : told(`Expected ${listed(asked)} to have ${DONE[ending]}, but ${others.join(', ')}.`, story);
  return { pass, message, expected: asked, actual: did };
}

const DONE: Readonly<Record<Ending, string>> = {
  reused: 'been reused',
  ran: 'run',
  failed: 'failed',
  skipped: 'been skipped',
  'not run': 'not run',
};

const INSTEAD: Readonly<Record<Ending, string>> = {
  reused: 'was reused',
  ran: 'ran',
  failed: 'failed',
  skipped: 'was skipped',
  'not run': 'did not run',
};

function told(sentence: string, story: RunStory): string {
  return `${sentence}\n\n${story}`;
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'nothing' : ids.join(', ');
}
