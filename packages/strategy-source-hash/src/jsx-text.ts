/**
 * The characters of a JSX text that can be seen: line breaks with the spaces and tabs around them count as one, and a text of
 * nothing else is no child at all (`undefined`). Entities keep their spelling.
 */
export function jsxText(raw: string): string | undefined {
  const lines = raw.split(/\r\n|\n|\r/);
  const seen = lines.map((line, index) => trimmed(line, index === 0, index === lines.length - 1)).filter(Boolean);
  return seen.length === 0 ? undefined : seen.join('\n');
}

function trimmed(line: string, isFirst: boolean, isLast: boolean): string {
  const start = isFirst ? line : line.replace(/^[ \t]+/, '');
  return isLast ? start : start.replace(/[ \t]+$/, '');
}
