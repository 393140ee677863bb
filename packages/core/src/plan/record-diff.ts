import type { CodeChange } from '../definitions/version-strategy.ts';
import { resourceKey } from '../versions/record-key.ts';
import type {
  CodeRecord,
  InputRecord,
  ResourceRecord,
  StepVersionRecord,
  ValueRecord,
} from '../versions/step-version-record.ts';
import { diffLists, listName } from './list-diff.ts';
import type { Change } from './reason.ts';
import { isReadableRecord } from './record-shape.ts';
import { outputName, SourceMatch, upstreamChange, upstreamIdentity } from './upstream-match.ts';
import { diffValues } from './value-diff.ts';

/** What differs between two versions of one piece of code, where somebody can tell. Asked for ops and for resources that have versions. */
export type CodeChanges = (before: CodeRecord, after: CodeRecord) => readonly CodeChange[];

/** What a comparison of records needs beside them. */
export interface RecordComparison {
  readonly codeChanges: CodeChanges;
  /** True for ids of steps of the job as it is now: tells a renamed upstream from another one. Default: those that `after` names. */
  readonly hasStep?: (id: string) => boolean;
}

/**
 * What differs between two records, in the order of interest: code; config, literals, resources, environment, salt, externals;
 * wiring; upstreams. Empty if and only if both give the same version.
 *
 * @param before from a store. One that this release cannot read gives a single `code` change that says so.
 */
export function diffRecords(
  before: StepVersionRecord,
  after: StepVersionRecord,
  codeChanges: CodeChanges,
): readonly Change[] {
  return compareRecords(before, after, { codeChanges });
}

/** The same as {@link diffRecords} with more known about the job. */
export function compareRecords(
  before: StepVersionRecord,
  after: StepVersionRecord,
  comparison: RecordComparison,
): readonly Change[] {
  if (!isReadableRecord(before)) return [unreadable(after.op)];
  const match = new SourceMatch(after, comparison.hasStep);
  const inputs = diffFields(before.inputs, after.inputs, (name, ...records) => diffInputs(name, records, match));
  const changes = [
    ...diffOps(before, after, comparison.codeChanges),
    ...valueChanges('config', before.config, after.config),
    ...diffResources(before.resources, after.resources, comparison.codeChanges),
    ...diffEnvironment(before.env ?? {}, after.env ?? {}),
    ...diffSalts(before.salt, after.salt),
    ...inputs,
    ...diffAfter(before.after ?? [], after.after ?? []),
  ];
  return changes.sort((a, b) => INTEREST[a.kind] - INTEREST[b.kind]);
}

const INTEREST: Readonly<Record<Change['kind'], number>> = {
  code: 0,
  config: 1,
  literal: 1,
  resource: 1,
  environment: 1,
  salt: 1,
  external: 1,
  wiring: 2,
  upstream: 3,
  after: 3,
};

/** Stands for a version in an earlier record that cannot be read. */
const UNKNOWN = 'unknown';

function unreadable({ code, by }: CodeRecord): Change {
  const changes: readonly CodeChange[] = [{ what: 'record', name: 'earlier ingredients', how: 'changed' }];
  return { kind: 'code', by, before: UNKNOWN, after: code, changes };
}

function diffOps(before: StepVersionRecord, after: StepVersionRecord, codeChanges: CodeChanges): readonly Change[] {
  const names: readonly (CodeChange | undefined)[] = [
    renamed('op', opName(before), opName(after)),
    renamed('effect', effectName(before), effectName(after)),
  ];
  return diffCode(before.op, after.op, { names: names.filter((change) => change !== undefined), codeChanges });
}

type Name = readonly string[];

function opName({ op }: StepVersionRecord): Name {
  return [op.namespace, op.name];
}

function effectName({ effect }: StepVersionRecord): Name | undefined {
  return effect && [effect.job, effect.step];
}

/** Names are compared by part: joined, two different ones may read alike. */
function renamed(what: string, before: Name | undefined, after: Name | undefined): CodeChange | undefined {
  if (before?.length === after?.length && (before ?? []).every((part, index) => part === after?.[index]))
    return undefined;
  const how = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const text = (name: Name): string => name.filter((part) => part !== '').join('/');
  return {
    what,
    name: text(after ?? before ?? []),
    how,
    ...(before === undefined ? {} : { before: text(before) }),
    ...(after === undefined ? {} : { after: text(after) }),
  };
}

interface CodeComparison {
  /** Differences that are known already. */
  readonly names: readonly CodeChange[];
  readonly codeChanges: CodeChanges;
}

function diffCode(
  before: NullableCode,
  after: NullableCode,
  { names, codeChanges }: CodeComparison,
): readonly Change[] {
  const giver = renamed('strategy', [before.by], [after.by]);
  const sameCode = before.code === after.code;
  if (sameCode && giver === undefined && names.length === 0) return [];
  const parts =
    sameCode || before.code === null || after.code === null
      ? []
      : codeChanges(before as CodeRecord, after as CodeRecord);
  const changes = [...names, ...(giver === undefined ? [] : [giver]), ...parts];
  return [{ kind: 'code', by: after.by, before: before.code ?? 'none', after: after.code ?? 'none', changes }];
}

type NullableCode = Pick<ResourceRecord, 'code' | 'by'>;

function valueChanges(kind: 'config', before: ValueRecord, after: ValueRecord): readonly Change[] {
  return diffValues(before, after).map((change) => ({ kind, ...change }));
}

type Resources = StepVersionRecord['resources'];

function diffResources(before: Resources, after: Resources, codeChanges: CodeChanges): readonly Change[] {
  return diffFields(before, after, (use, earlier, later) => {
    if (earlier !== undefined && later !== undefined && resourceKey(earlier) === resourceKey(later)) return [];
    const changes = diffResource(use, [earlier, later], codeChanges);
    return [{ kind: 'resource', resource: (later ?? earlier)?.name ?? use, changes }];
  });
}

function diffResource(
  use: string,
  [before, after]: readonly [ResourceRecord | undefined, ResourceRecord | undefined],
  codeChanges: CodeChanges,
): readonly Change[] {
  if (before === undefined || after === undefined || before.name !== after.name) {
    return [wiring(use, before?.name, after?.name)];
  }
  return [
    ...diffCode(before, after, { names: [], codeChanges }),
    ...valueChanges('config', before.config, after.config),
    ...diffResources(before.resources, after.resources, codeChanges),
  ];
}

type Environment = NonNullable<StepVersionRecord['env']>;

function diffEnvironment(before: Environment, after: Environment): readonly Change[] {
  return diffFields(before, after, (variable, earlier, later) =>
    earlier === later ? [] : [{ kind: 'environment', variable }],
  );
}

function diffSalts(before: string | undefined, after: string | undefined): readonly Change[] {
  if (before === after) return [];
  return [{ kind: 'salt', ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function diffInputs(
  input: string,
  [before, after]: readonly [InputRecord | undefined, InputRecord | undefined],
  match: SourceMatch,
): readonly Change[] {
  const rewired = wiring(input, before && sourceName(before), after && sourceName(after));
  if (before?.from === 'output' && after?.from === 'output') {
    if (upstreamIdentity(before.output) === upstreamIdentity(after.output)) return [];
    return [match.same(before.output, after.output) ? upstreamChange(input, before.output, after.output) : rewired];
  }
  if (before?.from === 'literal' && after?.from === 'literal') {
    return diffValues(before.literal, after.literal).map((change) => ({ kind: 'literal', input, ...change }));
  }
  if (before?.from === 'list' && after?.from === 'list') return diffLists(input, [before.items, after.items], match);
  if (before?.from === 'external' && after?.from === 'external') {
    if (before.external !== after.external) return [rewired];
    return before.fingerprint === after.fingerprint ? [] : [{ kind: 'external', external: after.external }];
  }
  if (before?.from === 'item' && after?.from === 'item') {
    if (before.digest === after.digest) return [];
    return [match.same(before.of, after.of) ? itemChange(input, before, after) : rewired];
  }
  return [rewired];
}

type ItemRecord = Extract<InputRecord, { readonly from: 'item' }>;

function itemChange(input: string, before: ItemRecord, after: ItemRecord): Change {
  const change = upstreamChange(input, before.of, after.of);
  return change.kind === 'upstream' && change.before === change.after
    ? { ...change, before: before.digest, after: after.digest }
    : change;
}

function wiring(input: string, before: string | undefined, after: string | undefined): Change {
  return {
    kind: 'wiring',
    input,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function sourceName(input: InputRecord): string {
  switch (input.from) {
    case 'output':
      return outputName(input.output);
    case 'literal':
      return 'a value';
    case 'list':
      return listName(input.items);
    case 'external':
      return `external ${input.external}`;
    case 'item':
      return `an item of ${outputName(input.of)}`;
  }
}

type AfterRecords = NonNullable<StepVersionRecord['after']>;

/** One change for each step whose edge or version differs; where only the order does, for each step that stands elsewhere. */
function diffAfter(before: AfterRecords, after: AfterRecords): readonly Change[] {
  const [earlier, later] = [before.map(upstreamIdentity), after.map(upstreamIdentity)];
  const [known, now] = [new Set(earlier), new Set(later)];
  const differing = [
    ...before.filter((_, index) => !now.has(earlier[index] as string)),
    ...after.filter((_, index) => !known.has(later[index] as string)),
  ];
  const elsewhere = (_: unknown, index: number): boolean => earlier[index] !== later[index];
  const moved = [...before.filter(elsewhere), ...after.filter(elsewhere)];
  const steps = new Set((differing.length > 0 ? differing : moved).map(({ step }) => step));
  return [...steps].map((step) => ({ kind: 'after', step }));
}

/** The changes of each field that one or both records have, names in bytewise order. */
function diffFields<T>(
  before: { readonly [name: string]: T },
  after: { readonly [name: string]: T },
  diff: (name: string, before: T | undefined, after: T | undefined) => readonly Change[],
): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const own = (object: { readonly [name: string]: T }, name: string): T | undefined =>
    Object.hasOwn(object, name) ? object[name] : undefined;
  return names.flatMap((name) => diff(name, own(before, name), own(after, name)));
}
