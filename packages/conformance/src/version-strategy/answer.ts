/** What a strategy said about one op or resource: a version, or why there is none. */
export interface StrategyAnswer {
  readonly version?: string;
  readonly certainty?: string;
  /** `true` when the step must not be re-used at all. */
  readonly volatile?: boolean;
  /** What the strategy threw, as text. */
  readonly refused?: string;
  readonly manifest?: unknown;
}

/** What a strategy said about a project. */
export interface StrategyAnswers {
  readonly id: string;
  readonly methods: readonly string[];
  /** By name. */
  readonly ops: Readonly<Record<string, StrategyAnswer>>;
  readonly resources: Readonly<Record<string, StrategyAnswer>>;
  /** The answers of `getVersions`, ops first, then resources; in the order of `asked`. */
  readonly bulk?: readonly StrategyAnswer[];
  readonly asked: readonly string[];
}

/** What can be told from two answers: whether a result of one may be used for the other. */
export function mayReuse(before: StrategyAnswer | undefined, after: StrategyAnswer | undefined): boolean {
  if (before?.version === undefined || after?.version === undefined) return false;
  if (before.volatile === true || after.volatile === true) return false;
  return before.version === after.version;
}
