import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  LEGS,
  type Leg,
  lasting,
  transcriptOf,
  transcriptsOf,
  type Walked,
  walk,
  withTranscripts,
} from '../scripts/walk.ts';

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
const FAILING: Leg = { name: 'failing', args: ['--sample', '20000', '--set', 'limits.until="2001-01-01"'] };

interface Line {
  word: string;
  step: string;
  rest: string;
}

describe('the walk of the README', () => {
  let legs: Map<string, Walked>;

  beforeAll(async () => {
    legs = new Map((await walk([...LEGS, FAILING])).map((leg) => [leg.name, leg]));
  }, 300_000);

  const leg = (name: string): Walked => {
    const found = legs.get(name);
    if (found === undefined) throw new Error(`no leg is called ${name}`);
    return found;
  };
  const lines = (name: string): Line[] =>
    [...leg(name).output.matchAll(/^ {2}\S (run|reuse|skip|failed) +(\S+)(.*)$/gm)].map(
      ([, word = '', step = '', rest = '']) => ({
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
    for (const { name } of LEGS) expect(leg(name).exitCode, `${name}: ${leg(name).output}`).toBe(0);
  });

  test('the first run computes everything, because it is the first', () => {
    expect(steps('first', 'run')).toEqual(ALL);
    expect(because('first', 'load')).toContain('first run');
  });

  test('the same again computes nothing', () => {
    expect(steps('again', 'reuse')).toEqual(ALL);
    expect(leg('again').output).toContain('0 ran');
    expect(leg('again').output).toContain('FULL MEMO');
  });

  test('another threshold computes what follows from it, and neither reads nor cleans the data again', () => {
    expect(steps('config', 'reuse')).toEqual(['airports', 'clean', 'join', 'load']);
    expect(steps('config', 'run')).toEqual(ALL.filter((step) => !['airports', 'clean', 'join', 'load'].includes(step)));
    for (const step of ['features', 'summarize']) expect(because('config', step)).toContain('config lateAfter 15 → 30');
  });

  test('going back computes nothing: what was computed is kept', () => {
    expect(steps('back', 'reuse')).toEqual(ALL);
  });

  test('a step that fails is named with its error, and the exit code is 1', () => {
    const { exitCode, output } = leg('failing');
    expect(exitCode).toBe(1);
    expect(output).toContain('there is no flight to summarize');
    expect(steps('failing', 'failed')).toContain('summarize');
    expect(steps('failing', 'run')).toContain('clean');
  });

  test('another palette draws the charts again, because their renderer requires the theme', () => {
    expect(steps('palette', 'run')).toEqual([...CHARTS, 'report']);
    for (const chart of CHARTS)
      expect(because('palette', chart)).toContain('renderer > theme: config palette "ember" → "ocean"');
  });

  test('a comment changes nothing', () => {
    expect(steps('comment', 'reuse')).toEqual(ALL);
  });

  test('an edit of a helper computes the charts that use it, and the report', () => {
    expect(steps('helper', 'run')).toEqual(['chartDays', 'chartHours', 'chartMap', 'report']);
    for (const chart of ['chartDays', 'chartHours', 'chartMap'])
      expect(because('helper', chart)).toContain('lateness-scale.ts');
  });

  test('the README shows what the commands print', () => {
    const shown = transcriptsOf(readme);
    expect([...shown.keys()]).toEqual(LEGS.map(({ name }) => name));
    for (const [name, text] of shown) {
      expect(lasting(text).split('\n'), name).toEqual(lasting(transcriptOf(leg(name))).split('\n'));
    }
  });
});

test('transcripts are put where the README wants them, and found again', () => {
  const document = 'a\n<!-- walk: one -->\n```console\nold\n```\nb\n<!-- walk: two -->\n```console\nkept\n```\n';
  const walked: Walked = { name: 'one', args: ['--sample', '9'], exitCode: 0, output: '\nnew $& line\n' };
  const written = withTranscripts(document, [walked]);
  expect(Object.fromEntries(transcriptsOf(written))).toEqual({
    one: '$ npm run demo -- --sample 9\nnew $& line',
    two: 'kept',
  });
  expect(written).toMatch(/^a\n[\s\S]*\nb\n/);
});

test('what differs from run to run is not compared', () => {
  expect(
    lasting('  ✓ run    load   3.41 s  first run, wrote 36.0 MB\n ok in 2 min 5 s, 140 ms, 2.3 MB in 29 files'),
  ).toBe('✓ run load <time> first run, wrote <size>\n ok in <time>, <time>, <size> in <number> files');
});
