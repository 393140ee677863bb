/** For programs that print: how memo writes errors, names, times and colours. Loads next to nothing. */
export { MemoError, messageOf } from './errors/memo-error.ts';
export { type Color, type ColorSituation, type Paint, painter, wantsColor } from './events/terminal-color.ts';
export { formatAge, formatCount, formatDuration, formatTime } from './plan/format-duration.ts';
export { cutEnd, cutMiddle, oneLine, padTo, plainLines, widthOf } from './plan/line-text.ts';
export { didYouMean } from './trace/did-you-mean.ts';
