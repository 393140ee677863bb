import { resolve } from 'node:path';
import { inspectJob } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { findRun } from '../history/run-history.ts';
import { outputsOfRun } from '../history/run-value.ts';
import type { JsonValue } from '../machine/json-value.ts';
import { jsonValue } from '../machine/json-value.ts';
import { type PlannedJob, planJobOfStep } from '../project/planned-job.ts';
import { jobOf, openProject } from '../project/project.ts';
import { type Invocation, jsonText, printJson } from './command.ts';
import { writeTo } from './write-to.ts';

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  const { step, output, value } = await found(invocation, names[0] as string);
  if (flags.has('json')) {
    printJson(out, { schema: 'memo.value/1', step, output, value: jsonValue(value) });
    return EXIT.ok;
  }
  const bytes = encoded(value, flags.text('format'), out.isTTY);
  const file = flags.text('output');
  if (file !== undefined) writeTo(resolve(around.cwd, file), bytes);
  else if (typeof bytes === 'string') out.write(bytes.endsWith('\n') ? bytes : `${bytes}\n`);
  else if (out.isTTY)
    throw usageError(`${step}.${output} is ${bytes.length} bytes, which are no text.`, `memo get ${step} -o <file>`);
  else around.stdout.write(bytes);
  return EXIT.ok;
}

interface Found {
  readonly step: string;
  readonly output: string;
  readonly value: unknown;
}

async function found(invocation: Invocation, name: string): Promise<Found> {
  const run = invocation.flags.text('run');
  if (run !== undefined) return ofRun(invocation, run, name);
  const { planned, step, output } = await located(invocation, name);
  return { step, output, value: await planned.inspection.load(step, output) };
}

/** The value that a run left: nothing is planned, so that it does not matter what the job has become. */
async function ofRun(invocation: Invocation, name: string, wanted: string): Promise<Found> {
  const project = await openProject(invocation);
  const run = await findRun(name, invocation.flags.text('job'));
  const job = inspectJob(jobOf(project, run.start.job));
  const dot = wanted.lastIndexOf('.');
  const names = [
    [wanted, undefined] as const,
    ...(dot > 0 ? [[wanted.slice(0, dot), wanted.slice(dot + 1)] as const] : []),
  ];
  let failure: unknown;
  for (const [step, output] of names) {
    try {
      const outputs = await outputsOfRun(run, job, step);
      const one = output ?? onlyOutput(step, outputs.names);
      return { step, output: one, value: await outputs.load(one) };
    } catch (error) {
      if (!MemoError.is(error, 'M7001')) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function onlyOutput(step: string, outputs: readonly string[]): string {
  if (outputs.length > 1)
    throw usageError(`Step "${step}" has the outputs ${outputs.join(', ')}.`, `memo get ${step}.${outputs[0]}`);
  return outputs[0] ?? 'result';
}

/** A step's id may have dots: the longest name that is a step counts. */
async function located(
  invocation: Invocation,
  name: string,
): Promise<{ readonly planned: PlannedJob; readonly step: string; readonly output: string }> {
  const dot = name.lastIndexOf('.');
  const [before, after] = [name.slice(0, dot), name.slice(dot + 1)];
  if (dot > 0) {
    try {
      return { planned: await planJobOfStep(invocation, before), step: before, output: after };
    } catch {
      // Not a step and an output: the whole name is asked for below, and what is wrong with that is said.
    }
  }
  const planned = await planJobOfStep(invocation, name);
  const outputs = planned.inspection.nodes.find(({ id }) => id === name)?.outputs ?? [];
  return { planned, step: name, output: onlyOutput(name, outputs) };
}

function encoded(value: unknown, format: string | undefined, pretty: boolean): string | Uint8Array {
  if (value instanceof Uint8Array && format !== 'json') return value;
  if (typeof value === 'string' && format !== 'json') return value;
  if (format === 'raw')
    throw usageError('The value is neither bytes nor text: --format raw cannot print it.', '--format json');
  const json: JsonValue = jsonValue(value);
  return jsonText(json, pretty || format === undefined ? 2 : undefined);
}
