import type { Bucket, ListedObject } from './bucket.ts';

/** Where presence is asked. */
export interface PresenceQuestion {
  readonly bucket: Bucket;
  /** What all keys begin with. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/**
 * Which of many keys exist. A page of a listing costs as much as some thirty single looks, so that listing pays where many of the keys lie
 * close together: the keys are walked in their order, by pages for as long as these are worth it, and the rest one by one.
 */
export async function findPresent(question: PresenceQuestion, keys: Iterable<string>): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(keys)].sort();
  const present = new Set<string>();
  const stretch = Math.max(LEAST_STRETCH, Math.ceil(wanted.length / STRETCHES));
  const walks: Promise<void>[] = [];
  for (let start = 0; start < wanted.length; start += stretch) {
    walks.push(walk(question, wanted.slice(start, start + stretch), present));
  }
  await Promise.all(walks);
  return present;
}

async function walk(question: PresenceQuestion, wanted: readonly string[], present: Set<string>): Promise<void> {
  let next = 0;
  while (wanted.length - next >= WORTH_A_PAGE) {
    const answered = await readPage(question, wanted, { next, present });
    next += answered;
    if (answered < WORTH_A_PAGE) break;
  }
  await lookAtEach(question, wanted.slice(next), present);
}

interface Walk {
  /** The first key that is not answered yet. */
  readonly next: number;
  readonly present: Set<string>;
}

/** How many keys, from `next` on, one page answers. */
async function readPage(
  { bucket, prefix, signal }: PresenceQuestion,
  wanted: readonly string[],
  at: Walk,
): Promise<number> {
  const after = justBefore(wanted[at.next] as string);
  const page = await bucket.page({ prefix, after }, { signal });
  const last = page.objects.at(-1)?.key;
  // A server that lists in an order of its own says nothing about what is missing.
  if (!isAscending(page.objects, after)) return 0;
  const listed = new Set(page.objects.map(({ key }) => key));
  let end = at.next;
  for (; end < wanted.length; end++) {
    const key = wanted[end] as string;
    if (page.more && (last === undefined || key > last)) break;
    if (listed.has(key)) at.present.add(key);
  }
  return end - at.next;
}

async function lookAtEach(
  { bucket, signal }: PresenceQuestion,
  keys: readonly string[],
  present: Set<string>,
): Promise<void> {
  const looks = keys.map(async (key) => {
    if ((await bucket.head(key, { signal })) !== undefined) present.add(key);
  });
  await Promise.all(looks);
}

/** A key that sorts before a given one, with nothing of ours between: keys end with a digit, a letter, `~`, `_`, `-` or a dot. */
function justBefore(key: string): string {
  return key.slice(0, -1);
}

function isAscending(objects: readonly ListedObject[], after: string): boolean {
  let last = after;
  for (const { key } of objects) {
    if (key <= last) return false;
    last = key;
  }
  return true;
}

const STRETCHES = 8;
const LEAST_STRETCH = 512;
const WORTH_A_PAGE = 32;
