/**
 * The regular expression of a glob, without anchors. `*` and `?` stand for characters of one name, `**` for any directories; none of them
 * for a name that begins with a dot.
 */
export function globExpression(glob: string): string {
  const segments = glob.split('/');
  return segments.map((segment, index) => segmentExpression(segment, index === segments.length - 1)).join('');
}

export function isGlob(path: string): boolean {
  return /[*?]/.test(path);
}

/** The expression of a text in which `*` stands for any characters. */
export function starExpression(text: string): RegExp {
  return new RegExp(`^${text.split('*').map(escaped).join('.*')}$`);
}

function segmentExpression(segment: string, isLast: boolean): string {
  const directories = '(?:(?!\\.)[^/]+/)*';
  if (segment === '**') return isLast ? `${directories}(?!\\.)[^/]+` : directories;
  const start = /^[*?]/.test(segment) ? '(?!\\.)' : '';
  const name = [...segment].map((sign) => (sign === '*' ? '[^/]*' : sign === '?' ? '[^/]' : escaped(sign)));
  return `${start}${name.join('')}${isLast ? '' : '/'}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
