#!/usr/bin/env node
'use strict';

// The first file that runs has to parse on Node 6, too: an old one would answer newer syntax with words that help nobody.
// What memo is made of is behind a second file, which an old Node never reads.
const CODE = 'M9002';
const node = process.versions.node.split('.').map(Number);

if (node[0] < 20 || (node[0] === 20 && node[1] < 19)) {
  process.stderr.write(
    [
      `error ${CODE}  memo needs Node 20.19 or newer; this is Node ${process.versions.node}.`,
      '',
      `because  ${process.execPath} is the Node that runs it.`,
      'fix      Install a newer Node (https://nodejs.org), or put one before it in PATH.',
      `docs     memo explain ${CODE}`,
      '',
    ].join('\n'),
  );
  process.exitCode = 2;
} else {
  require('./start.cjs');
}
