/** What is known of the stream and its surroundings. */
export interface ColorSituation {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to write colours: `FORCE_COLOR` decides where it is set (`0` and `false` mean no), then a `NO_COLOR` that is not
 * empty forbids them, else a terminal that is not dumb gets them.
 */
export function wantsColor({ isTTY, env }: ColorSituation): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return isTTY && term !== 'dumb';
}

export type Color = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Gives a text a colour, or hands it back as it is. */
export type Paint = (color: Color, text: string) => string;

const CODES: Readonly<Record<Color, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export function painter(colored: boolean): Paint {
  return (color, text) =>
    colored && text !== '' ? `\u001b[${CODES[color][0]}m${text}\u001b[${CODES[color][1]}m` : text;
}
