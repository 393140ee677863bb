import { didYouMean, plainLines } from '@memo/core/inspect';
import { ERROR_CODES, MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { ERROR_PAGES } from '../explain/error-pages.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type Invocation, printJson } from './command.ts';

export async function answer({ flags, names, out }: Invocation): Promise<number> {
  const [name] = names;
  if (name === undefined) {
    const rows = Object.entries(ERROR_CODES).map(([code, row]) => ({ code, ...row }));
    if (flags.has('json')) printJson(out, { schema: 'memo.errors/1', errors: rows });
    else out.print(rows.map(({ code, summary }) => `${out.paint('bold', code)}  ${summary}`));
    return EXIT.ok;
  }
  const code = codeOf(name);
  const page = ERROR_PAGES[code] ?? '';
  if (flags.has('json')) printJson(out, { schema: 'memo.error-page/1', code, ...ERROR_CODES[code], page });
  else out.printToCopy(pageLines(page, out));
  return EXIT.ok;
}

function codeOf(name: string): keyof typeof ERROR_CODES {
  const wanted = name.toLowerCase();
  const rows = Object.entries(ERROR_CODES) as [keyof typeof ERROR_CODES, { readonly name: string }][];
  const found = rows.find(([code, row]) => code.toLowerCase() === wanted || row.name === wanted);
  if (found !== undefined) return found[0];
  const known = rows.flatMap(([code, row]) => [code, row.name]);
  throw new MemoError('M1006', `There is no error "${name}".${didYouMean(name, known)}`, {
    fix: 'memo explain lists all codes.',
  });
}

/** Markdown, in the little that the pages use of it, for a terminal: code as it is, paragraphs as wide as the terminal. */
function pageLines(page: string, { paint, columns }: Terminal): readonly string[] {
  const lines: string[] = [];
  let code = false;
  let prose: string[] = [];
  const endProse = (): void => {
    if (prose.length > 0)
      lines.push(...(columns === Number.POSITIVE_INFINITY ? prose : wrapText(prose.join(' '), columns)));
    prose = [];
  };
  for (const line of plainLines(page.trimEnd()).split('\n')) {
    const isFence = line.startsWith('```');
    const isProse = !code && line !== '' && !/^(?:```|#|[-*|] ?|\d+\.)/.test(line);
    if (isProse) prose.push(line);
    else endProse();
    if (isFence) code = !code;
    else if (code) lines.push(`    ${line}`.trimEnd());
    else if (line.startsWith('#')) lines.push(paint('bold', line.replace(/^#+ /, '')));
    else if (!isProse) lines.push(...wrapText(line, columns));
  }
  endProse();
  return lines;
}
