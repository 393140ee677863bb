import type { Uncertainty } from '@memo/core/plugin';
import type { Finding } from './finding.ts';
import type { CallByName, InitialiserFacts, Unit } from './initialisers.ts';
import { jsonProperty } from './json-form.ts';
import type { ModuleReference } from './module-references.ts';
import { storedUnits, unitsFrom } from './slice/stored-units.ts';
import type { SourceFacts } from './source-facts.ts';

/** Facts as JSON, without the text: whoever reads them has it. */
export function storedFacts(facts: SourceFacts): unknown {
  const { digest, references, findings, initialisers, jsxImportSource, jsxFactories, units: parts } = facts;
  const { module, functions, aliases } = initialisers;
  const units = {
    module: storedUnit(module),
    functions: [...functions].map(([name, unit]) => [name, storedUnit(unit)]),
  };
  const stored = { ...units, aliases: [...aliases] };
  return {
    digest,
    references,
    findings,
    initialisers: stored,
    jsxImportSource,
    jsxFactories,
    units: storedUnits(parts),
  };
}

/** The facts that {@link storedFacts} gave; `undefined` for anything that it cannot have given. */
export function factsFrom(stored: unknown, text: string): SourceFacts | undefined {
  const digest = jsonProperty(stored, 'digest');
  const references = jsonProperty(stored, 'references');
  const findings = jsonProperty(stored, 'findings');
  const initialisers = initialisersFrom(jsonProperty(stored, 'initialisers'));
  const jsxImportSource = jsonProperty(stored, 'jsxImportSource');
  const jsxFactories = jsonProperty(stored, 'jsxFactories');
  const units = unitsFrom(jsonProperty(stored, 'units'));
  const isWhole =
    isDigest(digest) &&
    isListOf(references, isReference) &&
    isListOf(findings, isFinding) &&
    initialisers !== undefined &&
    units !== undefined &&
    isOptional(jsxImportSource, isText) &&
    isListOf(jsxFactories, isText);
  return isWhole
    ? { digest, references, findings, initialisers, jsxImportSource, jsxFactories, units, text }
    : undefined;
}

function storedUnit({ findings, calls }: Unit): unknown {
  return { findings, calls };
}

function initialisersFrom(stored: unknown): InitialiserFacts | undefined {
  const module = jsonProperty(stored, 'module');
  const functions = jsonProperty(stored, 'functions');
  const aliases = jsonProperty(stored, 'aliases');
  const isWhole =
    isUnit(module) &&
    isListOf(functions, (entry) => isPair(entry, isUnit)) &&
    isListOf(aliases, (entry) => isPair(entry, isText));
  return isWhole ? { module, functions: new Map(functions), aliases: new Map(aliases) } : undefined;
}

function isReference(value: unknown): value is ModuleReference {
  return (
    ['import', 'require', 'locate', 'run'].includes(String(jsonProperty(value, 'kind'))) &&
    isText(jsonProperty(value, 'specifier')) &&
    typeof jsonProperty(value, 'lazy') === 'boolean' &&
    isOptional(jsonProperty(value, 'late'), (late): late is boolean => typeof late === 'boolean') &&
    isOptional(jsonProperty(value, 'elidable'), (how): how is string => how === 'marked' || how === 'unused') &&
    isOffset(jsonProperty(value, 'offset'))
  );
}

function isFinding(value: unknown): value is Finding {
  return (
    isText(jsonProperty(value, 'kind')) &&
    isText(jsonProperty(value, 'message')) &&
    isOffset(jsonProperty(value, 'offset'))
  );
}

function isUnit(value: unknown): value is Unit {
  return isListOf(jsonProperty(value, 'findings'), isFinding) && isListOf(jsonProperty(value, 'calls'), isCall);
}

function isCall(value: unknown): value is CallByName {
  return (
    isText(jsonProperty(value, 'unit')) &&
    isOptional(jsonProperty(value, 'from'), isText) &&
    isOffset(jsonProperty(value, 'offset'))
  );
}

function isPair<T>(value: unknown, isSecond: (second: unknown) => second is T): value is [string, T] {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && isSecond(value[1]);
}

export function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isOptional<T>(value: unknown, isOne: (one: unknown) => one is T): value is T | undefined {
  return value === undefined || isOne(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isDigest(value: unknown): value is string {
  return isText(value) && /^[0-9a-f]{64}$/.test(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function areUncertainties(value: unknown): value is readonly Uncertainty[] {
  return isListOf(value, isUncertainty);
}

function isUncertainty(value: unknown): value is Uncertainty {
  return isText(jsonProperty(value, 'kind')) && isText(jsonProperty(value, 'message'));
}

export function areTexts(value: unknown): value is readonly string[] {
  return isListOf(value, isText);
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
