/** Throws unless every element of the markup is closed in order and every attribute has its quotes. */
export function assertWellFormed(markup: string): void {
  const open: string[] = [];
  const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|<[^>]*>?/g;
  for (const [text, closing, name, , selfClosing] of markup.matchAll(tag)) {
    if (name === undefined) throw new Error(`not a tag: ${text.slice(0, 80)}`);
    if (selfClosing === '/') continue;
    if (closing !== '/') open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes something else`);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  const stray = /&(?!(?:amp|lt|gt|quot|#39|#\d+|apos);)/.exec(markup);
  if (stray !== null) throw new Error(`stray ampersand: ${markup.slice(stray.index, stray.index + 20)}`);
}
