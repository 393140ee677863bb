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
    else
      out.print(
        ...rows
          .map(({ code, summary }) => `${out.paint('bold', code)}  ${summary}`)
          .flatMap((line) => wrapText(line, out.columns)),
      );
    return EXIT.ok;
  }
  const code = codeOf(name);
  const page = ERROR_PAGES[code] ?? '';
  if (flags.has('json')) printJson(out, { schema: 'memo.error-page/1', code, ...ERROR_CODES[code], page });
  else out.print(...pageLines(page, out));
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

/** Markdown, in the little that the pages use of it, for a terminal. */
function pageLines(page: string, { paint, columns }: Terminal): readonly string[] {
  let code = false;
  return plainLines(page.trimEnd())
    .split('\n')
    .flatMap((line): readonly string[] => {
      if (line.startsWith('```')) {
        code = !code;
        return [];
      }
      if (code) return [`    ${line}`.trimEnd()];
      if (line.startsWith('#')) return [paint('bold', line.replace(/^#+ /, ''))];
      return wrapText(line, columns);
    });
}
