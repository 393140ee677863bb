/** What a terminal can show. */
export interface Paint {
  /** Whether lines may be rewritten. */
  live: boolean;
  columns: number;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  blue(text: string): string;
  yellow(text: string): string;
}

interface Terminal {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** Colours for a terminal, unless `NO_COLOR` is set or it is dumb; none for a pipe, unless `FORCE_COLOR` is set. */
export function paintFor(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Paint {
  const live = terminal.isTTY === true && env.TERM !== 'dumb' && !env.CI;
  const coloured = !env.NO_COLOR && (isOn(env.FORCE_COLOR) || (terminal.isTTY === true && env.TERM !== 'dumb'));
  const style =
    (open: number, close: number) =>
    (text: string): string =>
      coloured && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    live,
    columns: terminal.columns ?? 100,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    blue: style(34, 39),
    yellow: style(33, 39),
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
