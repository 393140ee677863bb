/** `.name`, or `["any other key"]`. */
export function fieldSegment(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** `[3]` */
export function indexSegment(index: number | string): string {
  return `[${index}]`;
}

/** `config.model.opts[3].fn`; the middle of a very long path is left out. */
export function pathText(label: string, segments: readonly string[]): string {
  if (segments.length <= 24) return label + segments.join('');
  return `${label}${segments.slice(0, 12).join('')} … ${segments.slice(-6).join('')}`;
}
