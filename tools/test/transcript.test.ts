import { expect, test } from 'vitest';
import { lasting, transcriptsOf, withTranscripts } from '../transcripts/transcript.mjs';

test('transcripts are put where the document wants them, and found again', () => {
  const document = 'a\n<!-- walk: one -->\n```console\nold\n```\nb\n<!-- walk: two -->\n```console\nkept\n```\n';
  const written = withTranscripts(document, [{ name: 'one', typed: 'npm run demo', output: '\nnew $& line  \n\n' }]);
  expect(Object.fromEntries(transcriptsOf(written))).toEqual({ one: '$ npm run demo\n\nnew $& line', two: 'kept' });
  expect(written).toMatch(/^a\n[\s\S]*\nb\n/);
});

test.each([
  ['  ✓ load   ran       3.4 s     first run', '✓ load ran <time> first run'],
  ['  ● load   reused    saved <1 ms · run 8je1rf · 6 s ago', '● load reused saved <time> · run <id> · <ago>'],
  ['  critical path 5 ms: a → b', 'critical path'],
  ['ok in 2 min 5 s   run 8je1rf   FULL MEMO   saved ~12 s', 'ok in <time> run <id> FULL MEMO'],
  ['a\n  saved ~5 s of compute (recorded)\nb', 'a\nb'],
  ['a\n  saved ~5 s of compute (recorded)', 'a'],
  ['1 run · est. 5 ms to 9 ms · saves 22.9 s or more · reasons: code 1', '1 run · reasons: code 1'],
  ['reuse    version 79b491bc… stored', 'reuse version <version> stored'],
  ['page     out/report.html  291 kB', 'page out/report.html <size>'],
])('what differs from run to run is not compared: %s', (text, same) => {
  expect(lasting(text)).toBe(same);
});
