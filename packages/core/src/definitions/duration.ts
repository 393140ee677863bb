/** Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'2m'`, `'1.5h'`, `'7d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A duration in milliseconds.
 *
 * @param what names the setting in the error, for example `timeout of op "embed"`.
 * @throws TypeError when it is not a finite, non-negative duration.
 */
export function milliseconds(duration: Duration, what: string): number {
  const value = typeof duration === 'number' ? duration : parse(duration);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`The ${what} must be milliseconds or a text like '30s', '2m' or '1h'; got ${String(duration)}.`);
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined) return Number.NaN;
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}
