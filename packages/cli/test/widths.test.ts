import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { hangingLine } from '../src/terminal/wrap-text.ts';
import { fakeStrategy } from './support/fake-strategy.ts';
import { type Prompt, prompt } from './support/prompt.ts';

const CLEAN = 'normalize-and-deduplicate-the-records-of-every-city';
const BROKEN = 'publish-what-was-cleaned-for-the-web';
const FAILURE = 'the service said that it cannot be reached at the moment, and to try again later';

/** A job whose names, reasons and errors are as long as they get. */
function longNames(size: number) {
  const read = op('read', () => [1, 2, 3]);
  const clean = op('clean', ({ rows, ...given }: { rows: number[]; size: number }) =>
    rows.map((row) => row * given.size),
  );
  const publish = op('publish', ({ rows }: { rows: number[] }): number => {
    throw new Error(rows.length === 0 ? 'nothing to publish' : FAILURE);
  });
  return job('a-pipeline-with-a-name', {
    versions: fakeStrategy({}),
    build: () => {
      const cleaned = clean(
        { rows: read({}, { id: 'read' }), size },
        { id: CLEAN, tags: { team: 'of the city hall' } },
      );
      return { cleaned, published: publish({ rows: cleaned }, { id: BROKEN }) };
    },
  });
}

/** Command lines with what their answer has to say, whatever the width. */
const ANSWERS: readonly { readonly line: string; readonly says: readonly string[] }[] = [
  { line: '', says: ['a-pipeline-with-a-name', '2 to run · 1 reuse', 'failure', 'memo why <step>'] },
  { line: 'plan', says: ['read', 'reuse', CLEAN, 'run', 'input size 2 → 3', BROKEN, '2 run', 'stored by run $run'] },
  { line: 'plan --why', says: [`${CLEAN} will run. Compared with run $run`, 'input size 2 → 3'] },
  { line: `why ${CLEAN}`, says: [CLEAN, 'will run', 'run $run', 'input size 2 → 3', 'unchanged: code'] },
  { line: `why ${BROKEN}`, says: [BROKEN, 'first run'] },
  { line: 'why read --not', says: ['read is reused', 'code', 'fake@1'] },
  { line: 'graph', says: ['read', 'reuse', 'normalize-and', 'of-every-city', 'publish-what', 'web', 'run'] },
  { line: 'versions', says: ['read', CLEAN, BROKEN] },
  { line: 'versions --tree', says: [CLEAN, 'input size = 3', `input rows ← ${CLEAN}`] },
  { line: 'runs', says: ['$run', 'a-pipeline-with-a-name', 'failure', '2 ran · 0 reused · 1 failed'] },
  { line: 'show last', says: ['run $run', '1 failed', FAILURE, 'memo explain M6001', 'failed'] },
  { line: `show ${CLEAN}`, says: [CLEAN, 'op clean', 'widths.test.ts:', 'rows ← read', 'team=of the city hall'] },
  { line: 'show read --value', says: ['stored', 'run $run', 'certainty exact', 'result = [1,2,3]'] },
  { line: 'diff last', says: ['run $run → now', CLEAN, 'ran → run', 'input size 2 → 3', BROKEN, 'failed → run'] },
  { line: 'cache ls', says: [CLEAN, 'clean', '$run', 'bytes', 'read'] },
  { line: 'cache stat', says: ['clean', 'bytes', '0 %', 'records: 2 results'] },
  { line: 'cache verify --rerun 1', says: ['read gave the same again', '2 values read · 0 wrong'] },
  { line: 'cache prune --dry-run', says: ['deletes 0 values', 'kept, young: 2 values'] },
  { line: 'cache export -o results.memo', says: ['results.memo', '2 results · 2 values'] },
  { line: 'cache import results.memo', says: ['2 results taken'] },
  { line: 'check', says: ['a-pipeline-with-a-name', '3 steps'] },
  { line: 'doctor', says: ['node', 'memo.config.ts', 'store', 'agrees with the file system'] },
  { line: 'hash', says: ['memo.versions.json', '3 versions'] },
  { line: 'explain', says: ['M1001', 'There is no memo.config.* in the directory or above it.'] },
  { line: 'explain M1001', says: ['M1001 config-not-found', 'What happened', 'How to fix it'] },
  { line: 'report -o report.html', says: ['run $run', 'report.html'] },
  { line: 'init new --yes', says: ['+ memo.config.ts', 'npx memo run', 'nothing is left to run'] },
  { line: `bless ${CLEAN} --why because`, says: ['M4011', CLEAN, 'memo explain M4011'] },
  { line: 'plna', says: ['M1002', 'Did you mean "plan"?'] },
  { line: 'show nothing', says: ['M7001', 'nothing', 'memo explain M7001'] },
  { line: 'why reed', says: ['M7001', 'Did you mean "read"?', 'Name a step of the plan: read'] },
  { line: 'cache push', says: ['M1002', 'has no shared store behind it', '--to archive'] },
  { line: 'run --progress none', says: [`failed: ${BROKEN}`] },
  { line: 'run --progress plain', says: [FAILURE, BROKEN, 'memo explain M6001', 'failed'] },
];

/** Code and commands, which a person copies. */
const TO_COPY = /^ {4}|^ {2}(?:npm|cd) /;

async function ready(): Promise<{ readonly at: Prompt; readonly run: string }> {
  const at = prompt().jobs([longNames(2)]);
  await at.memo('run --progress none');
  const { runs } = JSON.parse((await at.memo('runs --json')).out);
  return { at: at.jobs([longNames(3)]), run: runs[0].run.slice(-6) };
}

test('no answer is wider than the terminal, and none loses an id, a status or a reason', async () => {
  for (const columns of [40, 80, 200]) {
    const { at, run } = await ready();
    for (const { line, says } of ANSWERS) {
      const { out, err } = await at.memo(line, { columns, tty: true, env: { NO_COLOR: '1' } });
      const answer = `${out}${err}`;
      const wide = answer.split('\n').filter((text) => [...text].length > columns && !TO_COPY.test(text));
      expect(wide, `memo ${line} in ${columns} columns`).toEqual([]);
      const said = answer.replace(/[│├└─●▸○◌✗\s]/g, '');
      for (const fact of says)
        expect(said, `memo ${line} in ${columns} columns`).toContain(fact.replace('$run', run).replace(/\s/g, ''));
    }
  }
});

test('what does not fit hangs below the beginning of the text, colours included', () => {
  expect(hangingLine('  now       reuse · version 269bfcbc5de0…', 24)).toEqual([
    '  now       reuse ·',
    '            version',
    '            269bfcbc5de0',
    '            …',
  ]);
  expect(hangingLine('  \u001b[31mone two\u001b[39m three', 11)).toEqual([
    '  \u001b[31mone two\u001b[39m',
    '    three',
  ]);
  expect(hangingLine('short', 5)).toEqual(['short']);
});
