import type { Change, Reason } from '@memo/core';

const LONGEST_VALUE = 40;
const MOST_NAMES = 3;

/** Why a step runs or is skipped, in few words. */
export function because(reasons: readonly Reason[]): string {
  return reasons.map(reasonInWords).join('; ');
}

function reasonInWords(reason: Reason): string {
  switch (reason.code) {
    case 'first-run':
      return 'first run';
    case 'changed':
      return changesInWords(reason.changes);
    case 'missing':
      return `not in the store: ${reason.outputs.join(', ')}`;
    case 'damaged':
      return `damaged in the store: ${reason.outputs.join(', ')}`;
    case 'upstream-rebound':
      return `${reason.step} gave something else than before`;
    case 'needed-if':
      return `depends on ${reason.step}`;
    case 'absent-input':
      return `${reason.step} gave no ${reason.output}`;
    case 'not-needed':
      return 'nobody needs it';
    default:
      return reason.code.replaceAll('-', ' ');
  }
}

/** What changed in the step itself, then what it reads. */
function changesInWords(changes: readonly Change[]): string {
  const own = changes.filter(({ kind }) => kind !== 'upstream').map(changeInWords);
  const read = changes.flatMap((change) => (change.kind === 'upstream' ? [nameOfOutput(change)] : []));
  return [...own, ...(read.length === 0 ? [] : [`${namesInWords(read)} changed`])].join(', ');
}

function namesInWords(names: readonly string[]): string {
  const shown = names.slice(0, names.length > MOST_NAMES ? MOST_NAMES - 1 : MOST_NAMES);
  const more = names.length - shown.length;
  const listed = more > 0 ? [...shown, `${more} more`] : shown;
  return listed.length < 2 ? listed.join('') : `${listed.slice(0, -1).join(', ')} and ${listed.at(-1) ?? ''}`;
}

function changeInWords(change: Change): string {
  switch (change.kind) {
    case 'code':
      return codeInWords(change.changes);
    case 'config':
      return valueInWords(`config ${change.path}`.trim(), change);
    case 'literal':
      return valueInWords(`input ${change.input}`, change);
    case 'resource':
      return resourceInWords(change.resource, change.changes);
    case 'upstream':
      return `${nameOfOutput(change)} changed`;
    case 'wiring':
      return `input ${change.input} is wired differently`;
    case 'environment':
      return `environment variable ${change.variable} changed`;
    case 'external':
      return `${change.external} changed`;
    case 'after':
      return `${change.step} comes before it`;
    case 'salt':
      return 'salt changed';
  }
}

/** `resource renderer > theme: …` when the change is in a resource that the resource requires. */
function resourceInWords(path: string, changes: readonly Change[]): string {
  const [only, ...others] = changes;
  if (only?.kind === 'resource' && others.length === 0)
    return resourceInWords(`${path} > ${only.resource}`, only.changes);
  return `resource ${path}: ${changesInWords(changes)}`;
}

function codeInWords(changes: Extract<Change, { kind: 'code' }>['changes']): string {
  const [first, ...more] = changes;
  if (first === undefined) return 'code changed';
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return `code: ${first.name} ${first.how}${rest}`;
}

function valueInWords(name: string, { before, after }: { before?: unknown; after?: unknown }): string {
  if (before === undefined || after === undefined) return `${name} changed`;
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  return was.length + is.length > LONGEST_VALUE ? `${name} changed` : `${name} ${was} → ${is}`;
}

function nameOfOutput({ step, output }: { step: string; output: string }): string {
  return output === 'result' ? step : `${step}.${output}`;
}
