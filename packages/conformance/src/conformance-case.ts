import type { Awaitable } from '@memo/core/plugin';

/** One promise of a contract, and how to find out whether a subject keeps it. Data: any test runner can run it. */
export interface ConformanceCase<Trial, Feature extends string> {
  /** `area/fact`, for example `presence/absent-before-stored`. Stable: reports and exceptions name it. */
  readonly id: string;
  /** The promise, as a sentence. */
  readonly title: string;
  /** What the subject or its harness must have for the case to apply. */
  readonly needs?: readonly Feature[];
  /** What it must not have: the case tests what somebody may rely on because it was not promised. */
  readonly unless?: readonly Feature[];
  /** Rejects with an `AssertionError` when the promise is not kept. */
  run(trial: Trial): Awaitable<void>;
}

/** A case that is ready to run on one subject. */
export interface PlannedCase {
  readonly id: string;
  readonly title: string;
  /** Why the case does not apply: the features that are missing, or there. `undefined` when it does. */
  readonly skip: string | undefined;
  /** Sets up, runs and cleans up. Rejects when the promise is not kept. */
  run(): Promise<void>;
}

/** What a subject was found to promise, and its cases. */
export interface ConformancePlan {
  /** Name of the harness. */
  readonly name: string;
  /** What kind of thing is tested, in the plural: `IO managers`. */
  readonly kind: string;
  readonly features: readonly string[];
  readonly missing: readonly string[];
  readonly cases: readonly PlannedCase[];
}

/** Why a case does not apply to a subject with these features; `undefined` when it does. */
export function skipReason<Feature extends string>(
  { needs = [], unless = [] }: Pick<ConformanceCase<never, Feature>, 'needs' | 'unless'>,
  features: ReadonlySet<Feature>,
): string | undefined {
  const missing = needs.filter((feature) => !features.has(feature));
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  const there = unless.filter((feature) => features.has(feature));
  return there.length > 0 ? `only without ${there.join(', ')}` : undefined;
}

/** How long a case may take, in milliseconds. */
const TIME_LIMIT = 120_000;

/** The result of an operation, or a rejection once the time limit of a case is over. */
export async function withinTime<T>(what: string, act: () => Awaitable<T>, limit: number = TIME_LIMIT): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([(async () => act())(), expired]);
  } finally {
    clearTimeout(timer);
  }
}
