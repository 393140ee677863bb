import { isSecret, SECRET, type SecretPath, splitSecrets } from '../definitions/secrets.ts';
import { issuePath, type StandardSchema } from '../definitions/standard-schema.ts';
import { MemoError, type Place } from '../errors/memo-error.ts';
import { canonicalValue } from '../hash/canonical-value.ts';
import { sha256 } from '../hash/digest.ts';
import { isScalar } from '../hash/key-encoding.ts';
import { type Scalar, scalarText } from '../hash/scalar-text.ts';

/** A value that was written into `build`. */
export interface LiteralSource {
  readonly kind: 'literal';
  readonly literal: ConfigValue;
}

/** A config or literal: what code receives, and what the version sees of it. */
export interface ConfigValue {
  /** The frozen canonical value, secrets included; what cannot be frozen is a new copy each time. */
  fresh(): unknown;
  /** The same without secrets. */
  readonly visible: unknown;
  /** What enters the version: the key text, or its digest where the text is long. */
  readonly key: string;
  readonly secrets: readonly { readonly path: string; readonly value: unknown; readonly versioned: boolean }[];
}

const LONGEST_INLINE_KEY = 256;

/**
 * The canonical form of a validated value.
 *
 * @throws MemoError M2113 naming the path of what cannot be part of a version.
 */
export function configValue(value: unknown, label: string, secret: readonly SecretPath[]): ConfigValue {
  const scalar = secret.length === 0 ? scalarValue(value) : undefined;
  if (scalar !== undefined) return scalar;
  const { visible, secrets } = splitSecrets(value, secret);
  const canonical = canonicalValue(visible, label);
  const whole = secrets.length === 0 ? canonical : canonicalValue(value, label);
  return { fresh: whole.fresh, visible: canonical.value, key: shortKey(canonical.text), secrets };
}

/** True for a scalar whose key is a digest, which is made once. */
export function isLongScalar(value: Scalar): boolean {
  return typeof value === 'string' && value.length > LONGEST_INLINE_KEY;
}

/** The same for what has no parts, which most literals of large jobs have not; `undefined` for everything else. */
export function scalarValue(value: unknown): (ConfigValue & LiteralSource) | undefined {
  return isScalar(value) ? new ScalarValue(value) : undefined;
}

/** A literal of a build is its own source: a large plan holds many, and two objects for each would be one too many. */
class ScalarValue implements ConfigValue, LiteralSource {
  readonly visible: Scalar;
  /** Kept of long texts only: a large plan holds many scalars, and the keys of most are made in no time. */
  readonly #digest: string | undefined;

  constructor(value: Scalar) {
    this.visible = value;
    if (isLongScalar(value)) this.#digest = shortKey(scalarText(value));
  }

  get kind(): 'literal' {
    return 'literal';
  }

  get literal(): ConfigValue {
    return this;
  }

  get key(): string {
    return this.#digest ?? shortKey(scalarText(this.visible));
  }

  get secrets(): ConfigValue['secrets'] {
    return NO_SECRETS;
  }

  fresh(): unknown {
    return this.visible;
  }
}

const NO_SECRETS: ConfigValue['secrets'] = Object.freeze([]);

/** A key text, or `#` and its digest where it is long. Key texts never begin with `#`. */
export function shortKey(text: string): string {
  return text.length <= LONGEST_INLINE_KEY ? text : `#${sha256(text)}`;
}

/** The config of what takes none. */
export const EMPTY_CONFIG: ConfigValue = configValue(Object.freeze({}), 'config', []);

/** Where a config is used, for errors. */
export interface ConfigOwner {
  /** `op "fit"`, `job "training"`, … */
  readonly name: string;
  readonly secret: readonly SecretPath[];
  readonly place?: (() => Place | undefined) | undefined;
}

/** Names the schema of a config, for errors. */
export function schemaOf({ name }: Pick<ConfigOwner, 'name'>): string {
  return `the config schema of ${name}`;
}

/**
 * Validates a config against a schema that answers at once.
 *
 * @throws MemoError M3001 listing every issue with its path.
 */
export function validateConfig(schema: StandardSchema | undefined, given: unknown, owner: ConfigOwner): unknown {
  const early = withoutSchema(schema, given, owner);
  if (early !== undefined || schema === undefined) return early ?? {};
  const result = runSchema(schema, given, owner);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw invalid(owner, `The schema of ${owner.name} answers with a promise`, {
      fix: 'Use a schema without asynchronous checks.',
    });
  }
  return unwrap(result, given, owner);
}

/** The same for a schema that may answer later. */
export async function validateConfigLater(
  schema: StandardSchema | undefined,
  given: unknown,
  owner: ConfigOwner,
): Promise<unknown> {
  const early = withoutSchema(schema, given, owner);
  if (early !== undefined || schema === undefined) return early ?? {};
  try {
    return unwrap(await runSchema(schema, given, owner), given, owner);
  } catch (cause) {
    throw MemoError.is(cause) ? cause : schemaThrew(owner, cause);
  }
}

type Result = Awaited<ReturnType<StandardSchema['~standard']['validate']>>;

function runSchema(schema: StandardSchema, given: unknown, owner: ConfigOwner): Result | Promise<Result> {
  try {
    return schema['~standard'].validate(given ?? {});
  } catch (cause) {
    throw schemaThrew(owner, cause);
  }
}

function schemaThrew(owner: ConfigOwner, cause: unknown): MemoError {
  return invalid(owner, `The schema of ${owner.name} threw an error`, { fix: 'Fix the schema.', cause });
}

function withoutSchema(schema: StandardSchema | undefined, given: unknown, owner: ConfigOwner): object | undefined {
  if (schema !== undefined) return undefined;
  const empty = given === undefined || (typeof given === 'object' && given !== null && Object.keys(given).length === 0);
  if (empty) return Object.freeze({});
  throw invalid(
    owner,
    `${capital(owner.name)} takes no config, but got ${
      Object.keys(Object(given))
        .map((key) => `"${key}"`)
        .join(', ') || typeof given
    }.`,
    { fix: 'Declare `config` with a schema, or leave the config out.' },
  );
}

function unwrap(result: Result, given: unknown, owner: ConfigOwner): unknown {
  if (result.issues === undefined) return result.value;
  const lines = result.issues.map((issue) => {
    const path = issuePath(issue);
    const got = isSecret(path, owner.secret) ? SECRET : describe(at(given, path));
    return path === '' ? `${issue.message} (got ${got})` : `\`${path}\`: ${issue.message} (got ${got})`;
  });
  throw new MemoError('M3001', `Config of ${owner.name}: ${lines.join('; ')}.`, {
    fix: 'Pass a value of the expected type at that path.',
    place: owner.place?.(),
    details: { owner: owner.name, paths: result.issues.map(issuePath) },
  });
}

function invalid(
  owner: ConfigOwner,
  problem: string,
  { fix, cause }: { readonly fix: string; readonly cause?: unknown },
): MemoError {
  return new MemoError('M3001', problem.endsWith('.') ? problem : `${problem}.`, {
    fix,
    place: owner.place?.(),
    details: { owner: owner.name },
    cause,
  });
}

function at(value: unknown, path: string): unknown {
  let current: unknown = value ?? {};
  if (path === '') return current;
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
