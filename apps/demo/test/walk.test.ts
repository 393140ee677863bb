import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { lasting, shown, transcriptsOf } from '../../../tools/transcripts/transcript.mjs';
import { LEGS, type Leg, transcriptOf, type Walked, walk } from '../scripts/walk.ts';

const CHARTS = ['chartDays', 'chartDelays', 'chartHours', 'chartImportance', 'chartMap', 'chartModels'];
const MODELS = ['deep', 'shallow', 'stumps'];
const LEARNED = ['best', 'encode', ...MODELS.flatMap((name) => [`evaluate-${name}`, `train-${name}`])];
const ALL = [
  ...CHARTS,
  ...LEARNED,
  'airports',
  'clean',
  'features',
  'join',
  'load',
  'report',
  'split',
  'summarize',
].sort();

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Nothing is left after cleaning, so there is nothing to summarize. */
const FAILING: Leg = {
  name: 'failing',
  command: 'demo',
  args: ['--sample', '20000', '--set', 'limits.until="2001-01-01"'],
};

interface Line {
  word: string;
  step: string;
  rest: string;
}

const [FIRST, AGAIN, , WHY, HELPER] = LEGS as readonly [Leg, Leg, Leg, Leg, Leg];

/** The sample that a developer waits for: the main facts, on fewer flights. The edit is that of the leg before. */
const SHORT: readonly Leg[] = [FIRST, AGAIN, { ...HELPER, ...(WHY.edit && { edit: WHY.edit }) }].map((leg) => ({
  ...leg,
  args: ['--sample', '2000'],
}));

describe('the walk of the README', () => {
  const taken = IS_WHOLE ? [...LEGS, FAILING] : SHORT;
  let legs: Map<string, Walked>;

  beforeAll(async () => {
    legs = new Map((await walk(taken)).map((leg) => [leg.name, leg]));
  });

  const leg = (name: string): Walked => {
    const found = legs.get(name);
    if (found === undefined) throw new Error(`no leg is called ${name}`);
    return found;
  };
  const lines = (name: string): Line[] =>
    [...leg(name).output.matchAll(/^ {2}\S (\S+) +(ran|reused|skipped|failed)\b(.*)$/gm)].map(
      ([, step = '', word = '', rest = '']) => ({
        word,
        step,
        rest,
      }),
    );
  const steps = (name: string, word: string): string[] =>
    lines(name)
      .filter((line) => line.word === word)
      .map(({ step }) => step)
      .sort();
  const because = (name: string, step: string): string => lines(name).find((line) => line.step === step)?.rest ?? '';

  test('every command succeeds', () => {
    for (const { name } of taken.filter((one) => one !== FAILING))
      expect(leg(name).exitCode, `${name}: ${leg(name).output}`).toBe(0);
  });

  test('the first run computes everything, because it is the first', () => {
    expect(steps('first', 'ran')).toEqual(ALL);
    expect(because('first', 'load')).toContain('first run');
  });

  test('the same again computes nothing', () => {
    expect(steps('again', 'reused')).toEqual(ALL);
    expect(leg('again').output).toContain('0 ran');
    expect(leg('again').output).toContain('FULL MEMO');
  });

  test('an edit of a helper computes the charts that use it, and the report', () => {
    expect(steps('helper', 'ran')).toEqual(['chartDays', 'chartHours', 'chartMap', 'report']);
    for (const chart of ['chartDays', 'chartHours', 'chartMap'])
      expect(because('helper', chart)).toContain('lateness-scale.ts');
  });

  if (IS_WHOLE) {
    test('another threshold computes what follows from it, and neither reads nor cleans the data again', () => {
      expect(steps('config', 'reused')).toEqual(['airports', 'clean', 'join', 'load']);
      expect(steps('config', 'ran')).toEqual(
        ALL.filter((step) => !['airports', 'clean', 'join', 'load'].includes(step)),
      );
      for (const step of ['features', 'summarize'])
        expect(because('config', step)).toContain('config `lateAfter` 15 → 30');
    });

    test('going back computes nothing: what was computed is kept', () => {
      expect(leg('back').output).toContain('0 ran · 22 reused');
    });

    test('a step that fails is named with its error, and the exit code is 1', () => {
      const { exitCode, output } = leg('failing');
      expect(exitCode).toBe(1);
      expect(output).toContain('there is no flight to summarize');
      expect(steps('failing', 'failed')).toContain('summarize');
      expect(steps('failing', 'ran')).toContain('clean');
    });

    test('another palette draws the charts again, because their renderer requires the theme', () => {
      expect(steps('palette', 'ran')).toEqual([...CHARTS, 'report']);
      for (const chart of CHARTS)
        expect(because('palette', chart)).toContain('renderer: resource theme: config `palette` "ember" → "ocean"');
    });

    test('a comment changes nothing', () => {
      expect(leg('comment').output).toContain('\n22 reuse');
    });

    test('why follows the report down to the edit before anything runs', () => {
      expect(leg('why').output).toMatch(/^└─ chartHours and 2 more +code changed$/m);
      expect(leg('why').output).toContain('lateness-scale.ts#STEPS');
      expect(leg('why').output).toMatch(/\+.*0\.14, 0\.18/);
    });

    test('the README shows what the commands print', () => {
      const documented = transcriptsOf(readme);
      expect([...documented.keys()]).toEqual(LEGS.map(({ name }) => name));
      for (const [name, text] of documented) {
        expect(lasting(text).split('\n'), name).toEqual(lasting(shown(transcriptOf(leg(name)))).split('\n'));
      }
    });
  }
});
