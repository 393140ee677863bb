import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STRATEGY } from './memo.ts';

const HERE = new URL('.', import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(relative, HERE));

export const JITI: string = import.meta.resolve('jiti');
export const TSX: string = import.meta.resolve('tsx');
export const TSC: string = path('../../../../node_modules/typescript/bin/tsc');
export const VITEST: string = path('../../node_modules/vitest/vitest.mjs');
export const VITEST_PACKAGE: string = path('../../node_modules/vitest');

/** `op.mjs` of a temporary project. */
export const OP_MODULE: string = readFileSync(path('./op.mjs'), 'utf8');

/** `answer.mjs` of a temporary project: answers with the version of an op for each line on standard input. */
export const ANSWER_MODULE = `
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
// Required, so that whatever runs the program leaves the strategy alone.
const { sourceHash } = createRequire(import.meta.url)(${JSON.stringify(STRATEGY)});
export async function answer(context, options) {
  const strategy = sourceHash(options);
  for await (const _line of createInterface({ input: process.stdin })) {
    console.log('answer ' + JSON.stringify(one(strategy, context)));
  }
}
export function answerOnce(context, options) {
  return 'answer ' + JSON.stringify(one(sourceHash(options), context));
}
function one(strategy, context) {
  try {
    const [{ version, certainty, uncertain = [], manifest }] = strategy.getVersions([context]);
    return { version, certainty, kinds: uncertain.map(({ kind }) => kind), files: Object.keys(manifest.files) };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}
`;
