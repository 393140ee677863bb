import type { OpDefinition } from '../definitions/op-definition.ts';
import { stepTargetOf, type Target, targetOf } from '../definitions/reference.ts';
import { MemoError, type Place, withPlace } from '../errors/memo-error.ts';
import { isScalar } from '../hash/key-encoding.ts';
import { configValue, type LiteralSource } from './config-value.ts';
import { nearest } from './did-you-mean.ts';
import type { SourceColumns } from './source-columns.ts';

/** Where inputs are read, and what to do about a wrong one. */
export interface InputReader {
  readonly step: string;
  readonly op: OpDefinition;
  /** The build that references must belong to. */
  readonly owner: object;
  /** Where it is kept what they read; steps are named by the order in which they were made. */
  readonly sources: SourceColumns;
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

/**
 * Reads the inputs of a call of an op; gives their names, sorted. Wrong ones are reported, and then nobody asks what was read. What most inputs are is read
 * here, in one function, because what it calls the engine would compile twice, and once more whenever inputs of another kind come.
 */
export function readInputs(input: unknown, reader: InputReader): readonly string[] {
  if (input === undefined) return NONE;
  if (!isInputs(input)) {
    reader.fail(
      wrongInputs(reader, `got ${describeArgument(input)} instead of an object of inputs by name`, undefined),
    );
    return NONE;
  }
  const names = namesOf(Object.keys(input), reader);
  const { sources, owner } = reader;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    const value = (input as Record<string, unknown>)[name];
    if (isScalar(value)) {
      sources.addScalar(value);
      continue;
    }
    if (!Array.isArray(value)) {
      readSingle(value, name, reader);
      continue;
    }
    const items: readonly unknown[] = value;
    const count = items.length;
    let first = 0;
    while (first < count && targetOf(items[first]) === undefined) first++;
    if (first === count) {
      readLiteral(items, name, reader);
      continue;
    }
    // Holes are items like others.
    const list = sources.beginList();
    for (let item = 0; item < count; item++) {
      const target = targetOf(items[item]);
      if (target !== undefined && target.owner === owner && target.output !== undefined)
        sources.addOutput(target.step, target.output);
      else readSingle(items[item], `${name}[${item}]`, reader);
    }
    sources.endList(list, count);
  }
  return names;
}

/** What is no list of outputs, by itself or as an item of one. */
function readSingle(value: unknown, name: string, reader: InputReader): void {
  const target = targetOf(value);
  if (target === undefined) readLiteral(value, name, reader);
  else readReference(target, name, reader);
}

/** A plain object, or all outputs of a step; of anything else the properties are no inputs. */
function isInputs(input: unknown): input is object {
  if (typeof input !== 'object' || input === null) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  // An output has another prototype than these.
  return prototype === null || prototype === Object.prototype;
}

const NONE: readonly string[] = [];

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

/** Reads a reference, or reports one that is no input: an output of another build, or a step without outputs. */
function readReference(target: Target, name: string, reader: InputReader): void {
  if (target.owner !== reader.owner) {
    reader.fail(
      new MemoError('M2111', `Input "${name}" of step "${reader.step}" is an output of another build().`, {
        because: `It is the output of step "${target.stepId}" of another job, or of an earlier call of this build().`,
        fix: 'Call the op inside this build() and pass that result.',
        place: reader.place(),
        details: { step: reader.step, input: name },
      }),
    );
  } else if (target.output === undefined) {
    reader.fail(wrongInputs(reader, `input "${name}" is step "${target.stepId}", which has no outputs`, undefined));
  } else {
    reader.sources.addOutput(target.step, target.output);
  }
}

function readLiteral(value: unknown, name: string, reader: InputReader): void {
  if (isScalar(value)) {
    reader.sources.addScalar(value);
    return;
  }
  if (isEmptyList(value)) {
    reader.sources.addLiteral(EMPTY_LIST);
    return;
  }
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
    return;
  }
  try {
    const literal = configValue(value, `input "${name}" of step "${reader.step}"`, []);
    reader.sources.addLiteral({ kind: 'literal', literal });
  } catch (error) {
    if (!MemoError.is(error)) throw error;
    reader.fail(withPlace(error, reader.place()));
  }
}

/** True for a list of nothing and with nothing else to it: what gathers outputs has one where there are none, in many steps. */
function isEmptyList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 0 &&
    Object.getPrototypeOf(value) === Array.prototype &&
    Reflect.ownKeys(value).length === 1
  );
}

const EMPTY_LIST: LiteralSource = Object.freeze({ kind: 'literal', literal: configValue([], 'an empty list', []) });

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
