#!/usr/bin/env node
import { messageOf } from '@memo/core/plugin';
import { runCommand } from './command.ts';

try {
  process.exitCode = await runCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
