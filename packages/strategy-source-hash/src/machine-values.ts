import { devNull, EOL } from 'node:os';
import { delimiter, sep } from 'node:path';
import type { Uncertainty } from '@memo/core/plugin';
import { byCodeUnits, type Digest, digestList } from './digest.ts';
import { jsonForm } from './json-form.ts';

/** Kinds of findings that are a question to the machine begin with it. */
const MACHINE = 'machine:';

/** What is asked is the same all the time that a process runs. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  'process.platform': () => process.platform,
  'process.arch': () => process.arch,
  'process.version': () => process.version,
  'process.versions': () => process.versions,
  'node:os.EOL': () => EOL,
  'node:os.devNull': () => devNull,
  'node:path.delimiter': () => delimiter,
  'node:path.sep': () => sep,
  locale: () => Intl.DateTimeFormat().resolvedOptions().locale,
  'time zone': () => Intl.DateTimeFormat().resolvedOptions().timeZone,
};

const OF_VERSIONS = 'process.versions.';
const ONE_OF_VERSIONS = /^process\.versions\.\w+$/;

/** True for what has a value that can be part of a version, by its dotted path. */
export function isOfMachine(path: string): boolean {
  return Object.hasOwn(VALUES, path) || ONE_OF_VERSIONS.test(path);
}

/** A question to the machine: for a value, or only whether that equals another one, written as JSON. */
export interface MachineQuestion {
  /** The dotted path of what is asked. */
  readonly path: string;
  readonly equals?: string;
}

export function kindOfQuestion({ path, equals }: MachineQuestion): string {
  return `${MACHINE}${path}${equals === undefined ? '' : ` = ${equals}`}`;
}

export function asksMachine({ kind }: Pick<Uncertainty, 'kind'>): boolean {
  return kind.startsWith(MACHINE);
}

/** Question → answer of this machine, for what asks it. Sorted. */
export function machineAnswers(uncertain: readonly Uncertainty[]): Readonly<Record<string, string>> {
  const questions = new Set(uncertain.filter(asksMachine).map(({ kind }) => kind.slice(MACHINE.length)));
  return Object.fromEntries([...questions].sort(byCodeUnits).map((question) => [question, answerTo(question)]));
}

/** A digest of code together with what a machine answers it. */
export function digestWithAnswers(digest: Digest, answers: Readonly<Record<string, string>>): Digest {
  const forms = Object.entries(answers).map(([question, answer]) => `machine ${question} is ${answer}`);
  return forms.length === 0 ? digest : digestList([digest, ...forms]);
}

function answerTo(question: string): string {
  const [path = '', equals] = question.split(' = ', 2);
  const answer = jsonForm(answerOf(path) ?? null);
  return equals === undefined ? answer : String(answer === equals);
}

function answerOf(path: string): unknown {
  if (path.startsWith(OF_VERSIONS)) return process.versions[path.slice(OF_VERSIONS.length)];
  return VALUES[path]?.();
}
