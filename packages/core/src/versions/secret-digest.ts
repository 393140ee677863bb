import { createHmac } from 'node:crypto';
import { MemoError } from '../errors/memo-error.ts';
import { encodeKey } from '../hash/key-encoding.ts';

/** The environment variable that holds the project's key for secrets that count for versions. */
export const SECRET_KEY_VARIABLE = 'MEMO_SECRET_KEY' as const;

/**
 * What a secret contributes to a version: an HMAC-SHA-256 under the project's key, because a plain digest of a short secret can
 * be guessed.
 *
 * @param what names the secret in the error, for example `config.token of step "fetch"`.
 * @throws MemoError M3006 without the key.
 */
export function secretDigest(value: unknown, what: string): string {
  const key = process.env[SECRET_KEY_VARIABLE];
  if (key === undefined || key === '') {
    throw new MemoError('M3006', `The secret ${what} counts for the version, but there is no key to protect it.`, {
      fix: `Set ${SECRET_KEY_VARIABLE} to one long random text everywhere the project runs, or let the secret not count.`,
      details: { secret: what },
    });
  }
  return createHmac('sha256', key)
    .update(`${what}\0${encodeKey(value)}`)
    .digest('hex');
}
