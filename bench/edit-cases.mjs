// Counts which edits of small programs three ways of versioning an op see: node bench/edit-cases.mjs [--markdown]
// The edits are those of the tests of the source hash, each with what must happen.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sliceSource } from '@memo/strategy-source-hash';
import { fileClosureOf, functionTextOf } from './src/coarse-versions.mjs';

const CASES = JSON.parse(
  readFileSync(new URL('../packages/strategy-source-hash/test/cases/edits.json', import.meta.url), 'utf8'),
);

const WAYS = {
  "the function's own text": { version: functionTextOf, reports: () => [] },
  'the files that it imports, directly or not': { version: fileClosureOf, reports: () => [] },
  'its slice': {
    version: (root) => sliced(root).version,
    reports: (root) => sliced(root).uncertain.map(({ kind }) => kind),
  },
};

const rows = Object.entries(WAYS).map(([name, way]) => ({ name, ...tally(way) }));
const totals = { inv: count('inv'), same: count('same'), reported: CASES.length - count('inv') - count('same') };
console.log(
  `| The version is | edits that must change it, seen (of ${totals.inv}) | edits that must not, left alone (of ${totals.same}) | hidden inputs, reported (of ${totals.reported}) |`,
);
console.log('|---|--:|--:|--:|');
for (const { name, inv, same, reported } of rows) console.log(`| ${name} | ${inv} | ${same} | ${reported} |`);

function tally({ version, reports }) {
  const right = { inv: 0, same: 0, reported: 0 };
  for (const edit of CASES) {
    const root = write(edit);
    try {
      if (edit.expect === 'inv' || edit.expect === 'same') {
        const before = version(root);
        if ((before === edited(edit, root, version)) === (edit.expect === 'same')) right[edit.expect] += 1;
      } else if (reports(root).includes(edit.expect.replace(/^flag:/, ''))) right.reported += 1;
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  return right;
}

/** The version after the edit; of a moved checkout, that of another copy. */
function edited(edit, root, version) {
  if (edit.move !== true) {
    writeFiles(root, edit.edits);
    return version(root);
  }
  const copy = write(edit);
  try {
    return version(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function sliced(root) {
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main' });
}

function write({ files, link }) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'memo-edit-case-')));
  writeFiles(root, files);
  if (link !== undefined) {
    mkdirSync(dirname(join(root, link[1])), { recursive: true });
    symlinkSync(resolve(root, link[0]), join(root, link[1]));
  }
  return root;
}

function writeFiles(root, files) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (text === null) rmSync(join(root, file));
    else writeFileSync(join(root, file), text);
  }
}

function count(expected) {
  return CASES.filter(({ expect }) => expect === expected).length;
}
