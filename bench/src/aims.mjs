/**
 * What memo aims at, as multiples of the floor that is measured beside each figure (two digests and one look at a file a step), so that a slow
 * machine changes nothing. The floor is about 3 µs of CPU on an idle 2-core machine with Node 20. A gate is twice the aim.
 */
const AIMS = [
  { name: 'plan, presence on disk', phase: 'plan', times: 2.7, from: 10_000 },
  { name: 'warm no-op, presence on disk', phase: 'warm', times: 2.7, from: 10_000 },
  { name: 'cold in memory', phase: 'cold, in memory', times: 3.4, from: 10_000 },
  { name: 'cold, a file an output', phase: 'cold', times: 43, from: 1_000 },
];

/** How memo did against each aim, for each measured graph. */
export function judge(rows) {
  return AIMS.flatMap(({ name, phase, times, from }) =>
    rows
      .filter((row) => row.peer === 'memo' && row.phase === phase && row.n >= from)
      .map((row) => {
        const ratio = row.floors;
        const verdict = ratio <= times ? 'met' : ratio <= 2 * times ? 'within the gate' : 'missed';
        return { name, shape: row.shape, n: row.n, ratio, aim: times, verdict };
      }),
  );
}

/** Doubling the steps must double the cost, give or take: memo's cost a step at the largest size against that at the smallest. */
export function growth(rows) {
  const planned = rows.filter(({ peer, phase }) => peer === 'memo' && phase === 'plan');
  return [...new Set(planned.map(({ shape }) => shape))].flatMap((shape) => {
    const own = planned.filter((row) => row.shape === shape && row.n >= 10_000).sort((a, b) => a.n - b.n);
    const [small, large] = [own[0], own.at(-1)];
    return small === undefined || small === large
      ? []
      : [{ shape, from: small.n, to: large.n, ratio: large.insideUs / small.insideUs }];
  });
}
