/** Text that is HTML already. Only {@link html} and {@link trusted} make it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose values are escaped, unless they are markup themselves. */
export function html(literals: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let markup = literals[0] ?? '';
  for (const [i, value] of values.entries()) markup += `${render(value)}${literals[i + 1] ?? ''}`;
  return { markup };
}

/** Takes a text for markup as it is: our own style sheet, and drawings by Vega, which escapes what it writes. */
export function trusted(markup: string): Markup {
  return { markup };
}

function render(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
