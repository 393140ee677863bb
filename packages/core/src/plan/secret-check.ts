import { MemoError } from '../errors/memo-error.ts';
import type { ConfigValue } from '../trace/config-value.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { InputSource } from '../trace/input-source.ts';

const SHORTEST = 4;
const SHORTEST_PART = 8;

/**
 * Checks that no secret of the job's config was wired into a place where it would become part of a version, and of what is
 * stored with it. Texts of fewer than 4 characters are too common to tell, and those of fewer than 8 are not looked for within
 * longer texts.
 *
 * @throws MemoError M3005 naming the place.
 */
export function checkSecrets(plan: ExecutionPlan, config: ConfigValue): void {
  const secrets = config.secrets.flatMap(({ value }) => textsIn(value));
  if (secrets.length === 0) return;
  for (const step of plan.steps) {
    refuse(secrets, step.config.visible, `config of step "${step.id}"`);
    for (const [at, source] of step.sources.entries()) {
      for (const literal of literalsOf(source))
        refuse(secrets, literal.visible, `input "${step.names[at]}" of step "${step.id}"`);
    }
  }
}

function textsIn(secret: unknown): readonly string[] {
  if (typeof secret === 'string') return secret.length >= SHORTEST ? [secret] : [];
  return typeof secret === 'object' && secret !== null ? Object.values(secret).flatMap(textsIn) : [];
}

function literalsOf(source: InputSource): readonly ConfigValue[] {
  if (source.kind === 'literal') return [source.literal];
  return source.kind === 'list' ? source.items.flatMap(literalsOf) : [];
}

function refuse(secrets: readonly string[], value: unknown, where: string): void {
  const path = findSecret(secrets, value, '');
  if (path === undefined) return;
  throw new MemoError(
    'M3005',
    `A secret of the job's config is wired into ${where}${path === '' ? '' : ` at ${path}`}.`,
    {
      because: 'It would become part of the version, and be stored in clear with it.',
      fix: 'Pass it as op config and name its path in `secret` of the op, or use it in a resource with `secret`.',
      details: { where, path },
    },
  );
}

function findSecret(secrets: readonly string[], value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return holdsSecret(secrets, value) ? path : undefined;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  const entries = value instanceof Map ? value : value instanceof Set ? [...value].entries() : Object.entries(value);
  for (const [key, item] of entries) {
    // A key that is a secret must not be shown in a path.
    if (findSecret(secrets, key, path) !== undefined) return path;
    const found = findSecret(secrets, item, `${path}.${String(key)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holdsSecret(secrets: readonly string[], text: string): boolean {
  return secrets.some((secret) => text === secret || (secret.length >= SHORTEST_PART && text.includes(secret)));
}
