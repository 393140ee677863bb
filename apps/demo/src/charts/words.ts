/** `21 %`, or `20.9 %` with a digit. */
export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** `3,000,000` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `7 min late`, `on time`, `2 min early` */
export function delayInShort(minutes: number): string {
  return delayInWords(minutes).replace(/ minutes?/, ' min');
}

/** `7 minutes late`, `on time`, `2 minutes early` */
export function delayInWords(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole === 0) return 'on time';
  return `${Math.abs(whole)} minute${Math.abs(whole) === 1 ? '' : 's'} ${whole > 0 ? 'late' : 'early'}`;
}

/** `Monday` */
export const FULL_WEEKDAYS: readonly string[] = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
];

/** `16 February` from `2001-02-16`. */
export function dayInWords(isoDay: string): string {
  const date = new Date(`${isoDay}T00:00:00Z`);
  return `${date.getUTCDate()} ${FULL_MONTHS[date.getUTCMonth()] ?? ''}`;
}

const FULL_MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
