// What a large plan costs a step, in time and in memory, and what its bindings cost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOURCE_NODE } from '../../tools/source-node/source-node.mjs';
import { runProcess } from './measure-process.mjs';

const MEMO = fileURLToPath(new URL('memo-program.mjs', import.meta.url));
const RECORDS = fileURLToPath(new URL('record-program.mjs', import.meta.url));

/** Times are aims as multiples of the floor, which is about 3 µs on an idle machine: there they are 8, 15 and 0.5 µs. */
const AIMS = [
  { name: 'plan, in a process of its own', of: 'plan', figure: 'insideUs', times: 2.7 },
  { name: 'plan, repeated', of: 'retained', figure: 'againUs', times: 2.7 },
  { name: 'plan, kept', of: 'retained', figure: 'keptBytes', most: 1_000, unit: 'B a step' },
  { name: 'plan, peak', of: 'plan', figure: 'rssMb', most: 200, unit: 'MB' },
  { name: 'binding written', of: 'records', figure: 'writtenUs', times: 5 },
  { name: 'binding opened', of: 'records', figure: 'openedUs', times: 0.17 },
  { name: 'binding looked up, with all others', of: 'records', figure: 'lookedUs', times: 0.17 },
  { name: 'binding looked up, alone', of: 'records', figure: 'aloneUs', times: 0.17 },
  { name: 'content key looked up', of: 'records', figure: 'contentUs', times: 0.17 },
];

/** Measures a layered graph of so many steps, all there, and as many bindings. */
export function measureScale(n) {
  const directory = mkdtempSync(join(tmpdir(), 'memo-bench-scale-'));
  const store = join(directory, 'store');
  const memo = (phase) => figures([MEMO, 'layered', String(n), phase, store, '0']);
  try {
    memo('cold');
    // A measurement without a look at its memory in between, and one with it.
    const measured = { plan: memo('plan'), retained: memo('retained') };
    for (const { wouldRun } of Object.values(measured))
      if (wouldRun !== 0) throw new Error(`${wouldRun} of ${n} steps would run.`);
    const records = (phase) => figures([...SOURCE_NODE, RECORDS, String(n), join(directory, 'records'), phase]);
    return { n, ...measured, records: { ...records('write'), ...records('read') } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each figure beside its aim. */
export function judgeScale(measured, floorUs) {
  return AIMS.map(({ name, of, figure, times, most = times * floorUs, unit = 'µs a step' }) => {
    const value = measured[of][figure];
    const verdict = value <= most ? 'met' : value <= 2 * most ? 'within the gate' : 'missed';
    return { name, value, most, unit, ratio: times === undefined ? undefined : value / floorUs, times, verdict };
  });
}

/** The figures as text. */
export function scaleText({ n, records }, verdicts) {
  const lines = verdicts.map(({ name, value, most, unit, ratio, times, verdict }) => {
    const floor = ratio === undefined ? '' : `, ${ratio.toFixed(2)} × the floor, aim ${times}`;
    const aim = ratio === undefined ? `, aim ${most}` : '';
    return `${verdict.padEnd(16)} ${name}: ${value.toFixed(value < 100 ? 1 : 0)} ${unit}${floor}${aim}`;
  });
  return [
    `${n} steps; bindings of ${records.bytes.toFixed(0)} B, of which memory keeps ${records.openedBytes.toFixed(0)}`,
    ...lines,
  ].join('\n');
}

function figures(args) {
  const { stdout } = runProcess(process.execPath, ['--expose-gc', ...args]);
  const found = JSON.parse(stdout.trim().split('\n').at(-1));
  return { ...found, insideUs: (found.insideCpuMs * 1_000) / Number(args[2]) };
}
