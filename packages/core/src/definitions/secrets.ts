/**
 * Which parts of a config are secret: a dotted path (`db.password`, `keys.*.token`), or a path that shall count for the version
 * all the same, as an HMAC under `MEMO_SECRET_KEY`.
 */
export type SecretPath = string | { readonly path: string; readonly versioned: true };

/** A config without its secrets, and the secrets. */
export interface SplitConfig {
  /** The config with every secret replaced by {@link SECRET}. */
  readonly visible: unknown;
  /** Secret values that were found, by path. */
  readonly secrets: readonly { readonly path: string; readonly value: unknown; readonly versioned: boolean }[];
}

/** What stands for a secret in versions, events and records. */
export const SECRET = '(secret)';

/** Separates a plain config from its secret parts. The config is not changed; without secret paths it is handed back. */
export function splitSecrets(config: unknown, paths: readonly SecretPath[]): SplitConfig {
  if (paths.length === 0) return { visible: config, secrets: [] };
  const secrets: { path: string; value: unknown; versioned: boolean }[] = [];
  let visible = config;
  for (const secret of paths) {
    const path = typeof secret === 'string' ? secret : secret.path;
    const versioned = typeof secret !== 'string';
    visible = take(visible, { keys: path.split('.'), at: [] }, (at, value) =>
      secrets.push({ path: at, value, versioned }),
    );
  }
  return { visible, secrets };
}

type Found = (path: string, value: unknown) => void;

/** @throws TypeError for secret paths that are not a list of paths, because what they mean would be shown. */
export function checkSecretPaths(owner: string, paths: unknown): void {
  const isPath = (path: unknown): boolean => typeof path === 'string' && path !== '';
  const isVersioned = (path: unknown): boolean =>
    typeof path === 'object' && path !== null && isPath((path as { path?: unknown }).path);
  if (paths === undefined || (Array.isArray(paths) && paths.every((path) => isPath(path) || isVersioned(path)))) return;
  throw new TypeError(
    `\`secret\` of ${owner} must be a list of paths: ['password', { path: 'tenant', versioned: true }].`,
  );
}

/** True for a path that names a secret or a part of one. */
export function isSecret(path: string, secrets: readonly SecretPath[]): boolean {
  const keys = path.split('.');
  return secrets.some((secret) =>
    (typeof secret === 'string' ? secret : secret.path)
      .split('.')
      .every((key, at) => keys[at] !== undefined && (key === '*' || key === keys[at])),
  );
}

function take(
  value: unknown,
  { keys, at }: { readonly keys: readonly string[]; readonly at: readonly string[] },
  found: Found,
): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) {
    if (value === undefined || value === SECRET) return value;
    found(at.join('.'), value);
    return SECRET;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const names = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  for (const name of names) copy[name] = take(copy[name], { keys: rest, at: [...at, name] }, found);
  return copy;
}
