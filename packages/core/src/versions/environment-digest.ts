import { sha256 } from '../hash/digest.ts';
import { part } from './record-key.ts';
import { secretDigest } from './secret-digest.ts';

/** The digest of the value that a declared environment variable has now; `null` when it is unset. */
export function environmentDigest(entry: { readonly name: string; readonly secret: boolean }): string | null {
  const value = process.env[entry.name];
  if (value === undefined) return null;
  return entry.secret
    ? secretDigest(value, `environment variable ${entry.name}`)
    : sha256(`memo.env/1;${part(entry.name)}${part(value)}`);
}
