import { type Change, cutEnd, oneLine, type StepVersionRecord } from '@memo/core/inspect';

/** One ingredient of a version, in words. */
export interface Part {
  readonly kind: 'code' | 'config' | 'input' | 'resource' | 'environment' | 'after' | 'salt';
  readonly name: string;
  readonly text: string;
}

/** Everything that a step's version is made of. */
export function partsOf(
  record: StepVersionRecord,
  { full = false }: { readonly full?: boolean } = {},
): readonly Part[] {
  const { op, config, inputs, resources, after = [], env = {}, salt } = record;
  const parts: readonly Part[] = [
    { kind: 'code', name: op.name, text: `code ${full ? op.code : shortCode(op.code)} by ${op.by}` },
    ...(isEmpty(config.value) ? [] : [{ kind: 'config', name: '', text: configText(config.value) } as const]),
    ...Object.entries(inputs).map(
      ([name, input]): Part => ({
        kind: 'input',
        name,
        text: `${inputText(name, input)}${full ? inputVersion(input) : ''}`,
      }),
    ),
    ...Object.values(resources).map(
      ({ name, code }): Part => ({
        kind: 'resource',
        name,
        text: `resource ${name}${code === null ? '' : ` ${full ? code : shortCode(code)}`}`,
      }),
    ),
    ...Object.keys(env).map((name): Part => ({ kind: 'environment', name, text: `environment variable ${name}` })),
    ...after.map(({ step }): Part => ({ kind: 'after', name: step, text: `after ${step}` })),
    ...(salt === undefined ? [] : [{ kind: 'salt', name: '', text: `salt ${salt}` } as const]),
  ];
  return parts.map((part) => ({ ...part, text: oneLine(part.text) }));
}

/** The parts that none of the changes is about. */
export function unchangedParts(record: StepVersionRecord, changes: readonly Change[]): readonly Part[] {
  const touched = changes.map(subjectOf);
  return partsOf(record).filter(
    ({ kind, name }) =>
      !touched.some((subject) => subject.kind === kind && (subject.name === undefined || subject.name === name)),
  );
}

function subjectOf(change: Change): { readonly kind: Part['kind']; readonly name?: string } {
  switch (change.kind) {
    case 'code':
      return { kind: 'code' };
    case 'config':
      return { kind: 'config' };
    case 'literal':
    case 'upstream':
    case 'wiring':
      return { kind: 'input', name: change.input };
    case 'resource':
      return { kind: 'resource', name: change.resource };
    case 'environment':
      return { kind: 'environment', name: change.variable };
    case 'external':
      return { kind: 'input', name: change.external };
    case 'salt':
      return { kind: 'salt' };
    case 'after':
      return { kind: 'after', name: change.step };
  }
}

function inputText(name: string, input: StepVersionRecord['inputs'][string]): string {
  if (input.from === 'output') return `input ${name} ← ${sourceText(input.output)}`;
  if (input.from === 'list') return `input ${name} (${input.items.length} items)`;
  if (input.from === 'literal')
    return input.literal.value === undefined
      ? `input ${name}`
      : `input ${name} = ${cutEnd(JSON.stringify(input.literal.value), 24)}`;
  return `input ${name}`;
}

function sourceText({ step, output }: { readonly step: string; readonly output: string }): string {
  return output === 'result' ? step : `${step}.${output}`;
}

function shortCode(code: string): string {
  const digest = /^(?:\w+[:-])?([0-9a-f]{32,})$/.exec(code)?.[1];
  return digest === undefined ? cutEnd(code, 24) : `${digest.slice(0, 8)}…`;
}

function isEmpty(config: unknown): boolean {
  return typeof config === 'object' && config !== null && Object.keys(config).length === 0;
}

function configText(value: unknown): string {
  return value === undefined ? 'config' : `config ${cutEnd(JSON.stringify(value), 40)}`;
}

function inputVersion(input: StepVersionRecord['inputs'][string]): string {
  return input.from === 'output' ? ` ${input.output.version}` : '';
}
