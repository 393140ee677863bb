/** Tells whether a path, with slashes and relative, is meant. */
export type PathTest = (path: string) => boolean;

/**
 * The paths that patterns mean: `*` and `?` stand for text within a name, `**` for any number of directories, `{a,b}` for either; a
 * directory means all below it.
 */
export function matching(patterns: readonly string[]): PathTest {
  if (patterns.length === 0) return () => false;
  const shapes = patterns.map(shapeOf);
  return (path) => shapes.some((shape) => shape.test(path));
}

/** The directories and files before the first wildcard, below which all that a pattern means must be. */
export function literalPart(pattern: string): string {
  const names = pattern.split('/');
  const wild = names.findIndex((name) => /[*?{]/.test(name));
  return (wild === -1 ? names : names.slice(0, wild)).join('/');
}

export function hasWildcard(pattern: string): boolean {
  return /[*?{]/.test(pattern);
}

function shapeOf(pattern: string): RegExp {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  return new RegExp(`^${parts.map(partOf).join('')}(?:/.*)?$`, 'su');
}

function partOf(part: string): string {
  switch (part) {
    case '**/':
      return '(?:[^/]+/)*';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    default:
      return part.startsWith('{') && part.endsWith('}')
        ? `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`
        : escaped(part);
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
