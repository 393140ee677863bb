const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** A time span for people, of at most two units: `38 ms`, `0.3 s`, `12.4 s`, `8 min 41 s`, `2 h 5 min`, `3 d`. Milliseconds; what is no time counts 0. */
export function formatDuration(ms: number): string {
  const span = Number.isNaN(ms) ? 0 : Math.max(0, ms);
  if (span === Number.POSITIVE_INFINITY) return 'forever';
  if (span > 0 && span < 0.5) return '<1 ms';
  if (Math.round(span) < 100) return `${Math.round(span)} ms`;
  const tenths = Math.round(span / 100);
  if (tenths < 600) return `${Math.floor(tenths / 10)}.${tenths % 10} s`;
  const seconds = Math.round(span / 1_000);
  if (seconds < 3_600) return twoUnits(seconds, 60, ['min', 's']);
  const minutes = Math.round(span / MINUTE);
  if (minutes < 1_440) return twoUnits(minutes, 60, ['h', 'min']);
  return twoUnits(Math.round(span / HOUR), 24, ['d', 'h']);
}

/** How long ago something was, in one unit, rounded down: `just now`, `40 s ago`, `2 h ago`, `3 d ago`. Milliseconds. */
export function formatAge(ms: number): string {
  if (!(ms >= 1_000)) return 'just now';
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  return ms === Number.POSITIVE_INFINITY ? 'long ago' : `${formatCount(Math.floor(ms / DAY))} d ago`;
}

/** `2026-05-01 10:00 UTC`; `at an unknown time` for what is no time. Milliseconds since the epoch. */
export function formatTime(when: number): string {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  return `${date.toISOString().slice(0, -8).replace('T', ' ')} UTC`;
}

/** A whole number with its thousands apart: `99,994`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function twoUnits(count: number, size: number, units: readonly [large: string, small: string]): string {
  const large = formatCount(Math.floor(count / size));
  const rest = count % size;
  return rest === 0 ? `${large} ${units[0]}` : `${large} ${units[0]} ${rest} ${units[1]}`;
}
