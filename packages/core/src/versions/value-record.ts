import type { Json } from '../definitions/version-strategy.ts';
import type { ConfigValue } from '../trace/config-value.ts';
import { secretDigest } from './secret-digest.ts';
import type { ValueRecord } from './step-version-record.ts';

const LONGEST_PREVIEW = 2_000;

const records = new WeakMap<ConfigValue, ValueRecord>();

/**
 * What a version record says of a config or literal.
 *
 * @param owner names it in errors about secrets, for example `op "fetch"`.
 * @throws MemoError M3006 for a secret that counts, without a key.
 */
export function valueRecord(config: ConfigValue, owner: string): ValueRecord {
  const { visible } = config;
  // Most values are scalars: a record of their own costs less than remembering it.
  if (isBriefScalar(visible) && config.secrets.length === 0) return { key: config.key, value: visible };
  const known = records.get(config);
  if (known !== undefined) return known;
  const versioned = config.secrets.filter((secret) => secret.versioned);
  const hmacs = versioned.map(({ path, value }) => [path, secretDigest(value, `config.${path} of ${owner}`)] as const);
  const value = preview(visible);
  const record: ValueRecord = {
    key: config.key,
    ...(value === undefined ? {} : { value }),
    ...(hmacs.length === 0 ? {} : { secrets: Object.fromEntries(hmacs) }),
  };
  records.set(config, record);
  return record;
}

function isBriefScalar(value: unknown): value is string | number | boolean | null {
  return typeof value === 'string' ? value.length < LONGEST_PREVIEW / 8 : !isObject(value) && isJson(value, 0);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The value as JSON, where JSON says it exactly and briefly. */
export function preview(value: unknown): Json | undefined {
  if (!isJson(value, 0)) return undefined;
  return JSON.stringify(value).length <= LONGEST_PREVIEW ? (value as Json) : undefined;
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || depth > 20) return false;
  if (Array.isArray(value)) return value.length <= LONGEST_PREVIEW && value.every((item) => isJson(item, depth + 1));
  return (
    Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every((item) => isJson(item, depth + 1))
  );
}
