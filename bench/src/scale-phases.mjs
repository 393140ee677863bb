// What a large plan costs a step, in time and in memory, and what its bindings cost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOURCE_NODE } from '../../tools/source-node/source-node.mjs';
import { besideFloor } from './beside-floor.mjs';
import { median, runProcess } from './measure-process.mjs';

const MEMO = fileURLToPath(new URL('memo-program.mjs', import.meta.url));
const RECORDS = fileURLToPath(new URL('record-program.mjs', import.meta.url));

/** Times are aims as multiples of the floor, which is about 3 µs on an idle machine: there they are 8, 15 and 0.5 µs. */
const AIMS = [
  { name: 'plan, in a process of its own', of: 'plan', figure: 'insideUs', times: 2.7 },
  { name: 'plan, repeated', of: 'retained', figure: 'againUs', times: 2.7 },
  { name: 'plan, kept', of: 'retained', figure: 'keptBytes', most: 1_000, unit: 'B a step' },
  { name: 'plan, peak', of: 'plan', figure: 'rssMb', most: 200, unit: 'MB' },
  { name: 'binding written', of: 'write', figure: 'writtenUs', times: 5 },
  { name: 'binding opened', of: 'read', figure: 'openedUs', times: 0.17 },
  { name: 'binding looked up, with all others', of: 'read', figure: 'lookedUs', times: 0.17 },
  { name: 'binding looked up, alone', of: 'read', figure: 'aloneUs', times: 0.17 },
  { name: 'content key looked up', of: 'read', figure: 'contentUs', times: 0.17 },
];

/**
 * Measures a layered graph of so many steps, all there, and as many bindings: each figure in turn, so many rounds of all, and each beside the floor
 * of its own seconds.
 */
export function measureScale(n, runs) {
  const directory = mkdtempSync(join(tmpdir(), 'memo-bench-scale-'));
  const store = join(directory, 'store');
  const memo = (phase) => figures([MEMO, 'layered', String(n), phase, store, '0']);
  try {
    memo('cold');
    const planned = (phase) => {
      const measured = memo(phase);
      if (measured.wouldRun !== 0) throw new Error(`${measured.wouldRun} of ${n} steps would run.`);
      return measured;
    };
    const rounds = Array.from({ length: runs }, (_, round) => {
      const records = (phase) =>
        figures([...SOURCE_NODE, RECORDS, String(n), join(directory, `records-${round}`), phase]);
      return {
        // A measurement without a look at its memory in between, and one with it.
        plan: besideFloor(() => planned('plan')),
        retained: besideFloor(() => planned('retained')),
        write: besideFloor(() => records('write')),
        read: besideFloor(() => records('read')),
      };
    });
    return { n, rounds };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each figure beside its aim: the middle one of all rounds, of multiples of the floor that of each round's. */
export function judgeScale({ rounds }) {
  return AIMS.map(({ name, of, figure, times, most, unit = 'µs a step' }) => {
    const value = median(rounds.map((round) => round[of][figure]));
    const ratios = rounds.map((round) => round[of][figure] / round[of].floorUs).sort((a, b) => a - b);
    const [judged, aim] = times === undefined ? [value, most] : [median(ratios), times];
    const verdict = judged <= aim ? 'met' : judged <= 2 * aim ? 'within the gate' : 'missed';
    return { name, value, unit, aim, verdict, ratios: times === undefined ? undefined : ratios };
  });
}

/** The figures as text. */
export function scaleText({ n, rounds }, verdicts) {
  const lines = verdicts.map(({ name, value, unit, aim, verdict, ratios }) => {
    const floor = ratios === undefined ? '' : `, ${spread(ratios)} × the floor`;
    return `${verdict.padEnd(16)} ${name}: ${value.toFixed(value < 100 ? 2 : 0)} ${unit}${floor}, aim ${aim}`;
  });
  const { write, read } = rounds[0];
  const floors = rounds.flatMap((round) => Object.values(round).map(({ floorUs }) => floorUs));
  return [
    `${n} steps, rounds: ${rounds.length}; floors of ${Math.min(...floors).toFixed(1)} to ${Math.max(...floors).toFixed(1)} µs`,
    `bindings of ${write.bytes.toFixed(0)} B, of which memory keeps ${read.openedBytes.toFixed(0)}`,
    ...lines,
  ].join('\n');
}

/** The middle one of some sorted numbers, and the least and the most. */
function spread(numbers) {
  const all = numbers.length < 2 ? '' : ` (${numbers[0].toFixed(2)} to ${numbers.at(-1).toFixed(2)})`;
  return `${median(numbers).toFixed(2)}${all}`;
}

function figures(args) {
  const { stdout } = runProcess(process.execPath, ['--expose-gc', ...args]);
  const found = JSON.parse(stdout.trim().split('\n').at(-1));
  return { ...found, insideUs: (found.insideCpuMs * 1_000) / Number(args[2]) };
}
