import type { OpDefinition } from '../definitions/op-definition.ts';
import { stepTargetOf, type Target, targetOf } from '../definitions/reference.ts';
import { MemoError, type Place, withPlace } from '../errors/memo-error.ts';
import type { LiteralSource } from './config-value.ts';
import { configValue, scalarValue } from './config-value.ts';
import { nearest } from './did-you-mean.ts';
import type { InputSource } from './execution-plan.ts';
import { sourceOf } from './step-target.ts';

/** The inputs of a traced step; `step` numbers are in the order in which the build made the steps. */
export interface TracedInputs {
  /** Sorted. */
  readonly names: readonly string[];
  /** What each one reads, in the order of the names. */
  readonly sources: readonly InputSource[];
}

/** Where inputs are read, and what to do about a wrong one. */
export interface InputReader {
  readonly step: string;
  readonly op: OpDefinition;
  /** The build that references must belong to. */
  readonly owner: object;
  readonly fail: (error: MemoError) => void;
  readonly place: () => Place | undefined;
  /** By op, the names that were read last: most of its steps have the same. */
  readonly names: Map<OpDefinition, ReadNames>;
}

/** Names of inputs that are right. */
export interface ReadNames {
  /** As they were given. */
  readonly given: readonly string[];
  readonly sorted: readonly string[];
}

/** The inputs of a call of an op, sorted by name; wrong ones are reported and left out. */
export function readInputs(input: unknown, reader: InputReader): TracedInputs {
  if (input === undefined) return NONE;
  if (!isInputs(input)) {
    reader.fail(
      wrongInputs(reader, `got ${describeArgument(input)} instead of an object of inputs by name`, undefined),
    );
    return NONE;
  }
  const names = namesOf(Object.keys(input), reader);
  // Arrays that are mapped have no spare room, unlike those that grow: a large plan holds many of them.
  const sources = names.map((name) => readSource((input as Record<string, unknown>)[name], name, reader));
  if (!sources.includes(undefined)) return { names, sources: sources as readonly InputSource[] };
  return { names: names.filter((_, at) => sources[at] !== undefined), sources: wholly(sources) };
}

/** A plain object, or all outputs of a step; of anything else the properties are no inputs. */
function isInputs(input: unknown): input is object {
  if (typeof input !== 'object' || input === null || targetOf(input) !== undefined) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || prototype === Object.prototype;
}

const NONE: TracedInputs = { names: [], sources: [] };

/** The items that could be read; all of them, unless an error was reported. */
function wholly<T>(items: readonly (T | undefined)[]): readonly T[] {
  return items.includes(undefined) ? items.filter((item) => item !== undefined) : (items as readonly T[]);
}

/** The names of inputs, sorted and checked. */
function namesOf(given: readonly string[], reader: InputReader): readonly string[] {
  const known = reader.names.get(reader.op);
  if (known !== undefined && sameNames(given, known.given)) return known.sorted;
  const names = sorted([...given]);
  if (checkNames(names, reader)) reader.names.set(reader.op, { given, sorted: names });
  return names;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}

/** Most names that are put in order by hand: every step has some, and `sort` would cost several times as much. */
const FEW = 8;

/** Sorts names where they are, by code unit. */
function sorted(names: string[]): readonly string[] {
  if (names.length > FEW) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] as string;
    let to = at;
    for (; to > 0 && (names[to - 1] as string) > name; to--) names[to] = names[to - 1] as string;
    names[to] = name;
  }
  return names;
}

/**
 * False, and it is reported, where names are wrong. A function need not read all that its op takes, so an input that it does not destructure is
 * wrong only where it looks like one that is missing, or where none of those that it reads is given.
 */
function checkNames(names: readonly string[], reader: InputReader): boolean {
  const known = reader.op.inputNames;
  if (known === undefined || names.every((name) => known.includes(name))) return true;
  const unknown = names.filter((name) => !known.includes(name));
  const missing = known.filter((name) => !names.includes(name));
  const meant = unknown.map((name) => nearest(name, missing)).find((name) => name !== undefined);
  const someRead = known.length === 0 || missing.length < known.length;
  if (meant === undefined && someRead) return true;
  const takes = known.length === 0 ? 'no inputs' : known.map((name) => `"${name}"`).join(', ');
  const got = unknown.map((name) => `"${name}"`).join(', ');
  reader.fail(wrongInputs(reader, `got ${got}, but the op takes ${takes}`, meant));
  return false;
}

function wrongInputs(reader: InputReader, problem: string, meant: string | undefined): MemoError {
  return new MemoError('M2107', `Step "${reader.step}": ${problem}.`, {
    fix:
      meant === undefined
        ? `Pass the inputs of op "${reader.op.name}" by name: { name: value }.`
        : `Did you mean "${meant}"?`,
    place: reader.place(),
    details: { step: reader.step, op: reader.op.name },
  });
}

function readSource(value: unknown, name: string, reader: InputReader): InputSource | undefined {
  const target = targetOf(value);
  if (target !== undefined) return sourceOf(target, reader.owner) ?? wrongReference(target, name, reader);
  if (!Array.isArray(value)) return literalSource(value, name, reader);
  const values: readonly unknown[] = value;
  if (!values.some(isTarget)) return literalSource(value, name, reader);
  // Where something is missing a copy, in which holes are items like others.
  const items = (values.includes(undefined) ? [...values] : values).map((item, at) => {
    const from = targetOf(item);
    if (from === undefined) return literalSource(item, `${name}[${at}]`, reader);
    return sourceOf(from, reader.owner) ?? wrongReference(from, `${name}[${at}]`, reader);
  });
  return { kind: 'list', items: wholly(items) };
}

function isTarget(value: unknown): boolean {
  return targetOf(value) !== undefined;
}

/** Reports a reference that is no input: an output of another build, or a step without outputs. */
function wrongReference(target: Target, name: string, reader: InputReader): undefined {
  if (target.owner !== reader.owner) {
    reader.fail(
      new MemoError('M2111', `Input "${name}" of step "${reader.step}" is an output of another build().`, {
        because: `It is the output of step "${target.stepId}" of another job, or of an earlier call of this build().`,
        fix: 'Call the op inside this build() and pass that result.',
        place: reader.place(),
        details: { step: reader.step, input: name },
      }),
    );
    return undefined;
  }
  reader.fail(wrongInputs(reader, `input "${name}" is step "${target.stepId}", which has no outputs`, undefined));
  return undefined;
}

function literalSource(value: unknown, name: string, reader: InputReader): LiteralSource | undefined {
  const scalar = scalarValue(value);
  if (scalar !== undefined) return scalar;
  const nested = stepTargetOf(value) === undefined ? pathOfReference(value, '') : '';
  if (nested !== undefined) {
    reader.fail(
      new MemoError(
        'M2106',
        `Input "${name}" of step "${reader.step}" holds a reference${nested === '' ? 's object' : ` at ${nested}`}.`,
        {
          because: 'A reference can be an input, or an item of a list that is an input, but not lie deeper.',
          fix: 'Wire it as an input of its own.',
          place: reader.place(),
          details: { step: reader.step, input: name },
        },
      ),
    );
    return undefined;
  }
  try {
    return { kind: 'literal', literal: configValue(value, `input "${name}" of step "${reader.step}"`, []) };
  } catch (error) {
    if (!MemoError.is(error)) throw error;
    reader.fail(withPlace(error, reader.place()));
    return undefined;
  }
}

/** `.a.b` when a reference lies inside a value; cycles are left to the encoder. */
export function pathOfReference(value: unknown, path: string, seen: Set<object> = new Set()): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  if (isReference(value)) return path;
  if (ArrayBuffer.isView(value)) return undefined;
  seen.add(value);
  const entries = value instanceof Map ? value : value instanceof Set ? [...value].entries() : Object.entries(value);
  for (const [key, item] of entries) {
    const found = pathOfReference(item, `${path}.${String(key)}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True for an output of a step, or all outputs of one. */
export function isReference(value: object): boolean {
  return targetOf(value) !== undefined || stepTargetOf(value) !== undefined;
}

/** What was passed instead of inputs or options: its kind, not its content. */
export function describeArgument(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? typeof value);
  if (Array.isArray(value)) return 'a list';
  const target = targetOf(value) ?? stepTargetOf(value);
  return target === undefined ? 'an object' : `the output of step "${target.stepId}"`;
}
