import { sha256 } from '../hash/digest.ts';
import { EMPTY_HEAD } from './entry-buffer.ts';
import { ENTRY_KIND, type EntryHead } from './segment-format.ts';

/** Step versions that a run used together. */
export interface VersionSetUse {
  readonly job: string;
  /** The run's id as 32 hexadecimal digits. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly when: number;
  readonly versions: readonly string[];
}

/** The last use of a value is known to this; noting it more often would make every warm run write. */
export const USE_RESOLUTION_MS = 3_600_000;

/** Names a set of step versions: runs that use the same ones name it again instead of listing them. */
export function versionSetKey(versions: readonly string[]): string {
  return sha256(`memo.version-set/1;${versions.join('')}`);
}

/** Names a job among the entries of a store, 32 hexadecimal digits. */
export function jobSite(job: string): string {
  return sha256(`memo.job-site/1;${job}`).slice(0, 32);
}

/** The head of an entry that lists or names a set of step versions. */
export function versionSetHead(kind: 'use' | 'pruned', { job, run, when, versions }: VersionSetUse): EntryHead {
  return { ...EMPTY_HEAD, kind: ENTRY_KIND[kind], when, key: versionSetKey(versions), site: jobSite(job), run };
}

/** The payload of an entry that lists a set of step versions; one that only names it has none. */
export function versionSetText({ job, versions }: VersionSetUse): string {
  return JSON.stringify({ schema: SET_SCHEMA, job, versions: packed(versions) });
}

/** The step versions that an entry lists; `undefined` for one that only names its set, or is damaged. */
export function listedVersions(payload: unknown): readonly string[] | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { schema, versions } = payload as { readonly schema?: unknown; readonly versions?: unknown };
  return schema === SET_SCHEMA && typeof versions === 'string' ? unpacked(versions) : undefined;
}

const SET_SCHEMA = 'memo.version-set/1';
const DIGITS = 64;

function packed(versions: readonly string[]): string {
  return Buffer.from(versions.join(''), 'hex').toString('base64');
}

function unpacked(text: string): readonly string[] {
  const digits = Buffer.from(text, 'base64').toString('hex');
  const versions: string[] = [];
  for (let at = 0; at + DIGITS <= digits.length; at += DIGITS) versions.push(digits.slice(at, at + DIGITS));
  return versions;
}
