import { describe, expect, test } from 'vitest';
import { TSX } from './support/answering-program.ts';
import { LiveProcess } from './support/live-process.ts';
import { linkMemo } from './support/memo.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';

const JOB = `
import { job, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { sourceHash } from '@memo/strategy-source-hash';
import { twice } from './twice.ts';
const count = op('count', ({ from }: { from: number }) => twice(from));
export const counting = job('counting', { versions: sourceHash(), io: fs('.memo/store'), build: () => ({ count: count({ from: 4 }) }) });
`;

const MAIN = `
import { createInterface } from 'node:readline';
import { counting } from './job.ts';
for await (const _line of createInterface({ input: process.stdin })) {
  console.log('answer ' + JSON.stringify(await run()));
}
async function run() {
  try {
    const result = await counting.run();
    const [step] = result.plan.steps;
    const changes = step.reasons.flatMap(({ changes = [] }) => changes).flatMap(({ changes = [] }) => changes);
    return { version: step.version, kinds: result.executed, value: await result.load('count'), changes };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}
`;

const twice = (body: string): string =>
  `// ${body.length} characters\nexport const twice = (n: number): number => ${body};\n`;

function project(): TemporaryProject {
  const made = temporaryProject({
    'package.json': '{"name":"p","type":"module"}',
    'tsconfig.json': '{"compilerOptions":{"target":"es2022","module":"nodenext"}}',
    'src/job.ts': JOB,
    'src/main.ts': MAIN,
    'src/twice.ts': twice('n * 2'),
  });
  linkMemo(made);
  return made;
}

function start({ root }: TemporaryProject): LiveProcess {
  return new LiveProcess(root, ['--import', TSX, 'src/main.ts']);
}

describe('a job with sourceHash()', () => {
  test('re-uses until its code changes, and refuses to run code that is not what is on disk', async () => {
    const made = project();
    const first = start(made);
    const computed = await first.ask();
    expect(computed).toMatchObject({ kinds: ['count'], value: 8 });
    expect(await first.ask()).toEqual({ ...computed, kinds: [], changes: [] });

    made.write({ 'src/twice.ts': twice('n + n + 0') });
    const refused = await first.ask();
    expect(refused.code).toBe('M4007');
    expect(refused.message).toContain(made.path('src/twice.ts'));

    const restarted = await start(made).ask();
    expect(restarted).toMatchObject({ kinds: ['count'], value: 8 });
    expect(restarted.version).not.toBe(computed.version);
    expect(restarted.changes).toEqual([
      {
        what: 'symbol',
        name: 'src/twice.ts#twice',
        how: 'changed',
        via: ['count', 'twice'],
        before: 'export const twice = (n: number): number => n * 2;',
        after: 'export const twice = (n: number): number => n + n + 0;',
      },
    ]);
  });
});
