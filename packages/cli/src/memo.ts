#!/usr/bin/env node
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Before anything else is loaded: an older Node would fail on syntax, in words that help nobody.
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`memo needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { runProcess } = await import('./run-process.ts');
  await runProcess();
}
