import { relative, resolve } from 'node:path';
import type { BundledVersions } from '@memo/core/inspect';
import type { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { VERSIONS_FILE } from '../forms/project.ts';
import { jobConfig } from '../project/job-config.ts';
import { planOf, type RunnableJob } from '../project/planned-job.ts';
import { jobOf, openProject } from '../project/project.ts';
import { type Invocation, printJson } from './command.ts';
import { writeTo } from './write-to.ts';

type Entries = BundledVersions['versions'];

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, directory } = invocation;
  const { jobs, ...content } = await versionsOf(invocation, names[0]);
  const file = resolve(directory, flags.text('output') ?? VERSIONS_FILE);
  writeTo(file, `${JSON.stringify(content, null, 2)}\n`);
  if (flags.has('json')) printJson(out, { schema: 'memo.hash/1', file, jobs, ...content });
  else out.print(`${relative(directory, file) || file}  ${said(Object.values(content.versions))}`);
  return EXIT.ok;
}

/** The versions of all chosen jobs as one, sorted by name: the same sources give the same file. */
async function versionsOf(
  invocation: Invocation,
  name: string | undefined,
): Promise<BundledVersions & { readonly jobs: readonly string[] }> {
  const project = await openProject(invocation);
  const config = await jobConfig(invocation);
  const chosen = name === undefined ? project.jobs : [jobOf(project, name)];
  const found = new Map<string, BundledVersions>();
  for (const job of chosen) {
    const { inspection } = await planOf(invocation, { project, job: job as RunnableJob, config });
    const versions = await inspection.versionsForBundle();
    if (versions !== undefined) found.set(job.name, versions);
  }
  const [first] = found.values();
  if (first === undefined)
    throw usageError(
      `No strategy of ${name === undefined ? 'the jobs' : `job "${name}"`} can say versions for a bundle.`,
      'Give the job one that can, such as sourceHash(), and only one; or declare versions, which are in the code.',
    );
  if ([...found.values()].some(({ algorithm }) => algorithm !== first.algorithm))
    throw disagreement('The strategies of the jobs have different algorithms.');
  return { algorithm: first.algorithm, versions: merged(found), jobs: [...found.keys()] };
}

/** @throws MemoError M1002 where jobs do not agree: one file must not say two things. */
function merged(found: ReadonlyMap<string, BundledVersions>): Entries {
  const all = new Map<string, { readonly entry: Entries[string]; readonly job: string }>();
  for (const [job, { versions }] of found)
    for (const [key, entry] of Object.entries(versions)) {
      const before = all.get(key);
      if (before !== undefined && before.entry.version !== entry.version)
        throw disagreement(`Jobs "${before.job}" and "${job}" give ${key} different versions.`);
      all.set(key, { entry, job });
    }
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, { entry }]) => [key, entry]));
}

function disagreement(problem: string): MemoError {
  return usageError(problem, 'Write a file for each, and ship each beside its own bundle: memo hash <job> -o <file>.');
}

function said(entries: readonly Entries[string][]): string {
  const uncertain = entries.filter(({ certainty }) => certainty === 'untrackable').length;
  return `${entries.length} ${entries.length === 1 ? 'version' : 'versions'}${uncertain === 0 ? '' : ` · ${uncertain} of code that cannot be tracked: memo check`}`;
}
