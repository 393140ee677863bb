import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { inspectJob, oneLine } from '@memo/core/inspect';
import { MemoError, type MemoizableIOManager, messageOf } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
import { openProject, type Project } from '../project/project.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type Invocation, printJson } from './command.ts';

/** What was looked at, and how it stands. */
interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly says: string;
}

const CLOCK_SKEW_MS = 5_000;

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, out } = invocation;
  const { paint, columns } = out;
  const findings: Finding[] = [
    { subject: 'node', state: 'ok', says: `${process.versions.node}, memo ${packageVersion()}` },
  ];
  const project = await opened(invocation, findings);
  if (project !== undefined) {
    findings.push(coreOf(project), ...directory(invocation, project));
    for (const job of project.jobs) findings.push(...(await stores(job)), ...(flags.has('locks') ? locks(job) : []));
  }
  findings.push(await git(project?.directory ?? invocation.directory));
  const broken = findings.some(({ state }) => state === 'problem');
  if (flags.has('json')) printJson(out, { schema: 'memo.doctor/1', ok: !broken, findings });
  else
    for (const { subject, state, says } of findings) {
      const mark =
        state === 'ok' ? paint('green', '✓') : state === 'warning' ? paint('yellow', '!') : paint('red', '✗');
      const [first = '', ...rest] = wrapText(oneLine(says), Math.max(20, columns - 14));
      out.print(
        `${mark} ${paint('bold', subject.padEnd(10))}  ${first}`,
        ...rest.map((line) => `${' '.repeat(14)}${line}`),
      );
    }
  return broken ? EXIT.usage : EXIT.ok;
}

async function opened(invocation: Invocation, findings: Finding[]): Promise<Project | undefined> {
  try {
    const project = await openProject(invocation);
    findings.push({
      subject: 'config',
      state: 'ok',
      says: `${project.file}, ${project.jobs.length} ${project.jobs.length === 1 ? 'job' : 'jobs'}`,
    });
    return project;
  } catch (error) {
    if (!MemoError.is(error)) throw error;
    const fix = error.fix === undefined ? '' : ` ${error.fix}`;
    const subject = error.code === 'M9001' ? 'core' : 'config';
    findings.push({ subject, state: 'problem', says: `${error.code} ${error.problem}${fix}` });
    return undefined;
  }
}

/** Which core it is; that the project and this command mean the same one was seen when it was opened. */
function coreOf({ file }: Project): Finding {
  try {
    const theirs = createRequire(file).resolve('@memo/core');
    return { subject: 'core', state: 'ok', says: dirname(dirname(theirs)) };
  } catch (error) {
    return { subject: 'core', state: 'warning', says: messageOf(error) };
  }
}

function directory({ around }: Invocation, { directory: root }: Project): readonly Finding[] {
  const memo = join(root, '.memo');
  const place = existsSync(memo) ? memo : root;
  try {
    accessSync(place, constants.W_OK);
    const probe = mkdtempSync(join(place, '.probe-'));
    const file = join(probe, 'clock');
    writeFileSync(file, '');
    const skew = Math.abs(statSync(file).mtimeMs - around.now());
    rmSync(probe, { recursive: true });
    const clock: Finding =
      skew > CLOCK_SKEW_MS
        ? {
            subject: 'clock',
            state: 'warning',
            says: `The file system and this machine differ by ${Math.round(skew / 1_000)} s.`,
          }
        : { subject: 'clock', state: 'ok', says: 'agrees with the file system' };
    return [{ subject: 'directory', state: 'ok', says: `${place} is writable` }, clock];
  } catch (error) {
    return [{ subject: 'directory', state: 'problem', says: `${place} cannot be written: ${messageOf(error)}` }];
  }
}

async function stores(job: Project['jobs'][number]): Promise<readonly Finding[]> {
  const inspected = inspectJob(job);
  const names = inspected.stores.map(({ name }) => name).join(', ');
  const subject = 'store';
  try {
    let bindings = 0;
    for await (const _ of inspected.bindings()) bindings++;
    const durable = inspected.stores[0]?.manager.capabilities?.durable === true;
    const says = `${names} of ${job.name}: ${bindings} ${bindings === 1 ? 'result' : 'results'} recorded${durable ? '' : '; nothing is kept beyond the process'}`;
    return [
      { subject, state: durable ? 'ok' : 'warning', says },
      ...(inspected.memoized
        ? []
        : [
            {
              subject: 'versions',
              state: 'warning',
              says: `${job.name} has no version strategy: everything runs, every time`,
            } as const,
          ]),
    ];
  } catch (error) {
    return [{ subject, state: 'problem', says: `${names} of ${job.name}: ${messageOf(error)}` }];
  }
}

/** What is stored is created, never locked: nothing that a killed run leaves behind can stop another one. */
function locks(job: Project['jobs'][number]): readonly Finding[] {
  return inspectJob(job).stores.map(({ name, manager }) => {
    const { lease } = manager as Partial<MemoizableIOManager>;
    const says =
      lease === undefined
        ? `${name} of ${job.name}: takes no locks; nobody waits for anybody, and nothing can be left locked`
        : `${name} of ${job.name}: one machine computes a step while others wait; a claim that is not renewed ends by itself`;
    return { subject: 'locks', state: 'ok', says };
  });
}

function git(cwd: string): Promise<Finding> {
  return new Promise((resolve) => {
    execFile('git', ['rev-parse', '--short', 'HEAD'], { cwd, timeout: 2_000 }, (error, stdout) => {
      const says =
        error === null
          ? `commit ${stdout.trim()}`
          : 'not a repository, or git is missing: runs do not name their commit';
      resolve({ subject: 'git', state: error === null ? 'ok' : 'warning', says });
    });
  });
}
