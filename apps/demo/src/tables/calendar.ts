export const WEEKDAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
export const MONTHS: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
export const MINUTES_A_DAY = 1440;

/** 0 is Monday. `day` counts from 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): number {
  return (day + 3) % 7;
}

/** 0 is January. */
export function monthOf(day: number): number {
  return new Date(day * MINUTES_A_DAY * 60_000).getUTCMonth();
}

/** `2001-01-31`. */
export function isoDay(day: number): string {
  return new Date(day * MINUTES_A_DAY * 60_000).toISOString().slice(0, 10);
}

/** Minutes since 1970-01-01 of a date such as `2001-07-01`. */
export function minuteOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 60_000;
}
