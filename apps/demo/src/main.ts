import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, HELP, readCommandLine, UsageError } from './command-line.ts';
import { size } from './console/amounts.ts';
import { type Paint, paintFor } from './console/paint.ts';
import { Progress } from './console/progress.ts';
import { type Outcome, summaryLines } from './console/summary.ts';
import { usage, writeWhole } from './disk.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MEMO = join(ROOT, '.memo');
const REPORT = join(ROOT, 'out', 'report.html');

/**
 * Exit codes of every memo command. An interrupt ends the process on the spot, with the shell's 130: results are published
 * as a whole or not at all, so there is nothing to tidy up.
 */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Reasons of the steps of a job that never ran. */
const FIRST_TIME: readonly string[] = ['first-run', 'needed-if'];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const paint = paintFor(process.stdout, process.env);
  try {
    const command = readCommandLine(args);
    if (command.help) return print(HELP);
    if (command.clean) return await removeResults();
    return await runJob(command, paint);
  } catch (error) {
    const usageError = error instanceof UsageError || isDefinitionError(error);
    const hint = error instanceof UsageError ? '\n  npm run demo -- --help tells what it takes' : '';
    const problem = usageError ? (error as Error).message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${paintFor(process.stderr, process.env).red('error')}    ${problem}${hint}\n`);
    return usageError ? EXIT.usage : EXIT.failed;
  }
}

/** Config that the job refuses, code without a version, and the like: nothing ran. */
function isDefinitionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^M[1234]\d{3}$/.test(String(error.code));
}

async function removeResults(): Promise<number> {
  const { bytes } = usage(MEMO);
  await rm(MEMO, { recursive: true, force: true });
  await rm(join(ROOT, 'out'), { recursive: true, force: true });
  return print(`removed  ${fromHere(MEMO)} (${size(bytes)}) and ${fromHere(join(ROOT, 'out'))}\n`);
}

async function runJob({ config, store, palette, versions }: Command, paint: Paint): Promise<number> {
  // What a run needs is loaded here, so that --help and a wrong flag answer at once.
  const [{ flightsBy }, { configure }, { openStore }, { theme }, strategy] = await Promise.all([
    import('./job.ts'),
    import('@memo/core'),
    import('./store.ts'),
    import('./resources/theme.ts'),
    strategyFor(versions),
  ]);
  const flights = flightsBy(strategy);
  const io = await openStore(store, join(MEMO, 'store'));
  const result = await flights.run({
    config,
    resources: [configure(theme, { palette })],
    ...(io === undefined ? {} : { io, journal: join(MEMO, 'runs') }),
    // Steps compute on this thread: side by side they would wait for each other, and their times would count twice.
    concurrency: 1,
    reporter: new Progress((text) => process.stdout.write(text), paint).report,
  });
  if (!result.ok) {
    for (const { step, error } of result.failed)
      process.stderr.write(`\n${paint.red(`${step} failed`)}\n${error.message}\n`);
    return EXIT.failed;
  }
  const report = await result.load('report');
  await io?.dispose();
  await writeWhole(REPORT, report);
  const { plan, executed, reused, skipped, durationMs, savedMs } = result;
  const outcome: Outcome = {
    job: flights.name,
    executed: executed.length,
    reused: reused.length,
    skipped: skipped.length,
    durationMs,
    savedMs,
    first: plan.steps.every(({ reasons }) => reasons.some(({ code }) => FIRST_TIME.includes(code))),
    store: io === undefined ? undefined : store === 'fs' ? { path: fromHere(MEMO), ...usage(MEMO) } : { path: io.name },
    report: { path: fromHere(REPORT), bytes: Buffer.byteLength(report) },
  };
  return print(summaryLines(outcome, paint));
}

async function strategyFor(versions: Command['versions']) {
  if (versions === 'git') return (await import('@memo/strategy-git')).gitVersion();
  return (await import('@memo/strategy-source-hash')).sourceHash();
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

function fromHere(path: string): string {
  return relative(process.cwd(), path) || '.';
}
