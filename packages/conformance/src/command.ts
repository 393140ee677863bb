import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Harness, planHarness } from './plan-harness.ts';
import { planTitle } from './plan-title.ts';
import { conformanceBlock, withBlock } from './readme-block.ts';
import { type CaseResult, runPlan } from './run-plan.ts';

/** What the command prints with `--help`. */
export const USAGE = `memo-conformance <module> [--readme [file]] [--check]

Tests the harness that a module exports, as its default or as \`harness\`.

  --readme [file]  when all promises are kept, writes the conformance block of README.md, or of the file
  --check          does not write: fails when the block is not what would be written
`;

/** Runs the command. Gives the exit code: 0 kept, 1 broken, 2 used wrongly. */
export async function runCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const command = readCommand(args);
  if (command === undefined) {
    print(USAGE.trimEnd());
    return args.includes('--help') ? 0 : 2;
  }
  const plan = await planHarness(await loadHarness(command.module));
  print(`${plan.name} ${planTitle(plan)}`);
  const results = await runPlan(plan, (result) => print(lineOf(result)));
  const broken = results.filter(({ outcome }) => outcome === 'broken').length;
  print(`${count(results, 'kept')} kept, ${broken} broken, ${count(results, 'skipped')} skipped`);
  if (broken > 0) return 1;
  if (command.readme === undefined) return 0;
  return updateReadme(command.readme, conformanceBlock(plan, results), { ...command, print });
}

interface Command {
  readonly module: string;
  readonly readme: string | undefined;
  readonly check: boolean;
}

function readCommand(args: readonly string[]): Command | undefined {
  try {
    const options = { readme: { type: 'boolean' }, check: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [module, file, ...more] = positionals;
    if (module === undefined || more.length > 0 || values.help === true) return undefined;
    const wanted = values.readme === true || values.check === true;
    if (file !== undefined && !wanted) return undefined;
    return { module, readme: wanted ? (file ?? 'README.md') : undefined, check: values.check === true };
  } catch {
    return undefined;
  }
}

async function loadHarness(module: string): Promise<Harness> {
  const loaded = (await import(pathToFileURL(resolve(module)).href)) as { default?: Harness; harness?: Harness };
  const harness = loaded.harness ?? loaded.default;
  if (typeof harness !== 'object')
    throw new TypeError(`${module} must export a harness, as its default or as \`harness\`.`);
  return harness;
}

async function updateReadme(
  path: string,
  block: string,
  { check, print }: { readonly check: boolean; readonly print: (line: string) => void },
): Promise<number> {
  const before = await readFile(path, 'utf8');
  const after = withBlock(before, block);
  if (after === before) return 0;
  if (check) {
    print(`${path} is not up to date; run memo-conformance with --readme`);
    return 1;
  }
  await writeFile(path, after);
  print(`${path} was updated`);
  return 0;
}

function lineOf({ id, title, outcome, reason }: CaseResult): string {
  if (outcome === 'skipped') return `  -      ${id} (${reason})`;
  const told = `  ${outcome.padEnd(6)} ${id}: ${title}`;
  return outcome === 'kept' ? told : `${told}\n         ${reason?.replaceAll('\n', '\n         ')}`;
}

function count(results: readonly CaseResult[], outcome: CaseResult['outcome']): number {
  return results.filter((result) => result.outcome === outcome).length;
}
