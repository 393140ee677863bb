import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compiler, ConsumerProject, compilers } from './consumer-project.ts';
import { generatedChain } from './generated-chain.ts';

const SHORT = 100;
const LONG = 200;
const MOST_PER_OP = 100;

let project: ConsumerProject;
beforeAll(async () => {
  project = await ConsumerProject.create();
  for (const length of [SHORT, LONG]) project.write(`chain-of-${length}/chain.ts`, generatedChain(length));
});
afterAll(() => project.remove());

describe.each(compilers)('with %s', (compiler) => {
  test(`an op costs at most ${MOST_PER_OP} instantiations of types, however many there are`, async () => {
    const [short, long] = await Promise.all([instantiations(compiler, SHORT), instantiations(compiler, LONG)]);
    expect((long - short) / (LONG - SHORT)).toBeLessThanOrEqual(MOST_PER_OP);
    expect(long).toBeLessThanOrEqual(short * (LONG / SHORT));
  });
});

async function instantiations(compiler: Compiler, length: number): Promise<number> {
  const { diagnostics, output } = await project.compile(compiler, `chain-of-${length}`, { extendedDiagnostics: true });
  expect(diagnostics).toEqual([]);
  const count = /^Instantiations:\s+(\d+)$/m.exec(output)?.[1];
  expect(count, output).toBeDefined();
  return Number(count);
}
