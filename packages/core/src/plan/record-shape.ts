import { STEP_VERSION_SCHEMA, type StepVersionRecord } from '../versions/step-version-record.ts';
import type { Reason } from './reason.ts';

/** True for a record that this release can compare. Records come from a store and may be of another release, or of any shape. */
export function isReadableRecord(record: unknown): record is StepVersionRecord {
  if (!isObject(record) || record.schema !== STEP_VERSION_SCHEMA) return false;
  const { op, config, resources, inputs, after, env, salt, effect } = record;
  return (
    hasTexts(op, 'namespace', 'name', 'code', 'by') &&
    isValue(config) &&
    areResources(resources, 0) &&
    isObject(inputs) &&
    Object.values(inputs).every(isInput) &&
    (after === undefined || (Array.isArray(after) && after.every(isUpstream))) &&
    (env === undefined || (isObject(env) && Object.values(env).every((digest) => digest === null || isText(digest)))) &&
    (salt === undefined || isText(salt)) &&
    (effect === undefined || hasTexts(effect, 'job', 'step'))
  );
}

/** Resources that require each other deeper than this are nobody's. */
const DEEPEST_RESOURCE = 500;

function areResources(resources: unknown, depth: number): boolean {
  if (!isObject(resources) || depth > DEEPEST_RESOURCE) return false;
  return Object.values(resources).every((resource) => {
    if (!hasTexts(resource, 'name', 'by') || !isValue(resource.config)) return false;
    return (resource.code === null || isText(resource.code)) && areResources(resource.resources, depth + 1);
  });
}

function isInput(input: unknown): boolean {
  if (!isObject(input)) return false;
  switch (input.from) {
    case 'output':
      return isUpstream(input.output);
    case 'literal':
      return isValue(input.literal);
    case 'list':
      return Array.isArray(input.items) && input.items.every((item) => isValue(item) || isUpstream(item));
    case 'external':
      return hasTexts(input, 'external', 'fingerprint');
    case 'item':
      return isUpstream(input.of) && isText(input.digest);
    default:
      return false;
  }
}

function isUpstream(upstream: unknown): boolean {
  if (!hasTexts(upstream, 'step', 'op', 'output', 'version')) return false;
  const { pub, form } = upstream;
  return (pub === undefined || isText(pub)) && (form === undefined || form === 'step' || form === 'content');
}

function isValue(value: unknown): boolean {
  if (!hasTexts(value, 'key')) return false;
  const { secrets } = value;
  return secrets === undefined || (isObject(secrets) && Object.values(secrets).every(isText));
}

function hasTexts(value: unknown, ...fields: readonly string[]): value is Readonly<Record<string, unknown>> {
  return isObject(value) && fields.every((field) => isText(value[field]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The reason `upgraded` where two versions of a step differ because memo or the algorithm of its strategy does. */
export function upgradeBetween(before: StepVersionRecord, now: StepVersionRecord): Reason | undefined {
  if (typeof before?.schema === 'string' && before.schema !== now.schema) {
    return { code: 'upgraded', from: before.schema, to: now.schema };
  }
  const [from, to] = [before?.op?.by, now.op.by];
  const isSameStrategy = typeof from === 'string' && from !== to && nameOf(from) === nameOf(to);
  return isSameStrategy ? { code: 'upgraded', from, to } : undefined;
}

/** The id of a strategy without its algorithm: `source-hash` of `source-hash@3`. */
function nameOf(id: string): string {
  return id.replace(/@[^@]*$/, '');
}
