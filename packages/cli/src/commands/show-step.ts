import { addressesOf, type Binding, cutEnd, formatDuration, formatTime, inspectJob, oneLine } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { runName } from '../history/run-name.ts';
import { jsonValue } from '../machine/json-value.ts';
import { type PlannedJob, planJobOfStep } from '../project/planned-job.ts';
import { openProject } from '../project/project.ts';
import { STATUS } from '../terminal/status-style.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { partsOf } from '../why/checked-parts.ts';
import { type Invocation, printJson } from './command.ts';

/** A step as it is now, or one output of it: where it is, what it is made of, and what is stored for it. */
export async function showStep(invocation: Invocation, name: string): Promise<void> {
  const { flags, out } = invocation;
  const { planned, step, only } = await located(invocation, name);
  const { plan, inspection } = planned;
  const { action, version, op } = plan.step(step);
  const node = inspection.nodes.find(({ id }) => id === step);
  const binding = inspection.binding(step);
  const values: Record<string, unknown> = {};
  if (flags.has('value') && action === 'reuse')
    for (const output of only ?? node?.outputs ?? [])
      if (binding?.outputs[output] !== 'absent') values[output] = jsonValue(await inspection.load(step, output));
  if (flags.has('json') || flags.has('meta')) {
    printJson(out, {
      schema: 'memo.step/1',
      job: plan.job,
      step,
      op,
      action,
      version,
      node,
      binding,
      ...(flags.has('value') ? { values } : {}),
    });
    return;
  }
  const { paint } = out;
  const place = node?.place === undefined ? '' : `  ${node.place.file}:${node.place.line ?? 1}`;
  out.print(`${paint('bold', oneLine(step))}  op ${oneLine(op)}${paint('cyan', oneLine(place))}`);
  out.print(
    colouredFact(
      out,
      'now',
      `${paint(STATUS[action].color, action)}${version === undefined ? '' : ` · version ${version.slice(0, 12)}…`}`,
    ),
  );
  for (const { input, step: from, output } of node?.inputs ?? [])
    out.print(fact(out, 'input', `${input} ← ${from}${output === 'result' ? '' : `.${output}`}`));
  for (const before of node?.after ?? []) out.print(fact(out, 'after', before));
  for (const resource of node?.resources ?? []) out.print(fact(out, 'resource', resource));
  for (const [key, value] of Object.entries(node?.tags ?? {})) out.print(fact(out, 'tag', `${key}=${value}`));
  if (binding === undefined) out.print(fact(out, 'stored', 'nothing under this version'));
  else out.print(bindingLines(binding, out));
  for (const [output, value] of Object.entries(values))
    out.print(fact(out, 'value', `${output} = ${cutEnd(JSON.stringify(value), 400)}`));
}

/** A step, or a step and one output of it: `fit.model`. @throws MemoError M7001 about the name as it was given. */
async function located(
  invocation: Invocation,
  name: string,
): Promise<{ readonly planned: PlannedJob; readonly step: string; readonly only: readonly string[] | undefined }> {
  try {
    return { planned: await planJobOfStep(invocation, name), step: name, only: undefined };
  } catch (error) {
    const dot = name.lastIndexOf('.');
    const [step, output] = [name.slice(0, dot), name.slice(dot + 1)];
    if (dot < 1 || !MemoError.is(error, 'M7001')) throw error;
    const planned = await planJobOfStep(invocation, step).catch(() => undefined);
    const isOutput = planned?.inspection.nodes.some(({ id, outputs }) => id === step && outputs.includes(output));
    if (planned === undefined || isOutput !== true) throw error;
    return { planned, step, only: [output] };
  }
}

/** The result that a stored value belongs to, by the version in its address; `false` when nothing is known of it. */
export async function showStored(invocation: Invocation, addressVersion: string): Promise<boolean> {
  const project = await openProject(invocation);
  for (const job of project.jobs)
    for await (const binding of inspectJob(job).bindings())
      if (addressesOf(binding).some(({ version }) => version === addressVersion))
        return showVersion(invocation, binding.stepVersion);
  return false;
}

/** A step version of any job, by its first digits; `false` when nothing is known of it. */
export async function showVersion(invocation: Invocation, digits: string): Promise<boolean> {
  const { flags, out } = invocation;
  const project = await openProject(invocation);
  for (const job of project.jobs)
    for await (const binding of inspectJob(job).bindings()) {
      if (!binding.stepVersion.startsWith(digits)) continue;
      if (flags.has('json') || flags.has('meta')) printJson(out, { schema: 'memo.binding-record/1', binding });
      else {
        const { step, stepVersion, record } = binding;
        out.print(`${out.paint('bold', oneLine(stepVersion))}  step ${oneLine(step)} of ${oneLine(binding.job)}`);
        out.print(
          partsOf(record).map(({ text }) => fact(out, 'made of', text)),
          bindingLines(binding, out),
        );
      }
      return true;
    }
  return false;
}

function bindingLines(binding: Binding, out: Terminal): readonly string[] {
  const { run, when, duration, outputs, by, blessed, certainty } = binding;
  const how =
    by === 'bless' ? `blessed by ${blessed?.who ?? 'somebody'}: ${blessed?.why ?? ''}` : `run ${runName(run)}`;
  return [
    fact(out, 'stored', `${formatTime(when)} by ${how}, took ${formatDuration(duration)}, certainty ${certainty}`),
    ...Object.entries(outputs).map(([name, output]) =>
      fact(
        out,
        'output',
        output === 'absent'
          ? `${name} absent`
          : `${name} ${output.digest.slice(0, 19)}…${output.bytes === undefined ? '' : ` ${output.bytes} bytes`}${output.codec === undefined ? '' : ` ${output.codec}`}`,
      ),
    ),
  ];
}

/** A line of facts, which may come from stores that others write. */
function fact(out: Terminal, name: string, text: string): string {
  return colouredFact(out, name, oneLine(text));
}

/** The same with colours of our own. */
function colouredFact({ paint }: Terminal, name: string, text: string): string {
  return `  ${paint('dim', name.padEnd(9))} ${text}`;
}
