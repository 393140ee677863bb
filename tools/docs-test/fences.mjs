/**
 * @typedef {object} Fence
 * @property {number} line of its first line of content, from 1
 * @property {string} info what follows the backticks
 * @property {string[]} lines
 */

/**
 * @typedef {object} Program the code of one fence with the fences that it continues
 * @property {number} line where it stands in the document
 * @property {string} file name of the file that it becomes
 * @property {string} text every line at the number that it has in the document, so that compilers name the right line
 * @property {string[]} outputs what it must print, one text for each time that it runs; none: it is not run
 */

const TS_INFO = /^ts(?<continues> continue)?(?<runs> run)?(?: file=(?<file>[\w-]+(?:\/[\w-]+)*\.ts))?$/;

/**
 * The fenced blocks of a Markdown document, those inside list items included.
 *
 * @param {string} markdown
 * @returns {Fence[]}
 */
export function fencesOf(markdown) {
  /** @type {Fence[]} */
  const fences = [];
  /** @type {{ fence: Fence, mark: string, indent: number } | undefined} */
  let open;
  for (const [index, line] of markdown.split('\n').entries()) {
    const {
      indent = '',
      mark = '',
      info = '',
    } = /^(?<indent> *)(?<mark>`{3,}|~{3,})(?<info>.*)$/.exec(line)?.groups ?? {};
    if (open === undefined) {
      if (mark !== '') open = { fence: { line: index + 2, info: info.trim(), lines: [] }, mark, indent: indent.length };
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      fences.push(open.fence);
      open = undefined;
    } else {
      open.fence.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  }
  if (open !== undefined) throw new Error(`line ${open.fence.line - 1}: this fence is never closed`);
  return fences;
}

/**
 * The TypeScript programs of a document. `ts` is type-checked; `ts run` is also run, in the folder of the document;
 * `ts continue` follows the fence before it; `ts file=ops.ts` can be imported by the others. The `text output` fences
 * that follow a `ts run` are what it prints the first time, the second time and so on.
 *
 * @param {Fence[]} fences
 * @returns {Program[]}
 */
export function programsOf(fences) {
  /** @type {Program[]} */
  const programs = [];
  for (const { line, info, lines } of fences) {
    const last = programs.at(-1);
    if (info === 'text output') {
      if (last === undefined || last.outputs.length === 0)
        throw new Error(`line ${line}: no \`ts run\` fence comes before it`);
      if (last.outputs[0] === ANY_OUTPUT) last.outputs.pop();
      last.outputs.push(lines.join('\n'));
    } else if (/^(?:ts|tsx|typescript)\b/.test(info)) {
      programs.push(programOf({ line, info, lines }, last));
    }
  }
  return programs;
}

/** A program without a `text output` fence may print what it likes. */
export const ANY_OUTPUT = '…';

/**
 * @param {Fence} fence
 * @param {Program | undefined} last
 * @returns {Program}
 */
function programOf({ line, info, lines }, last) {
  const match = TS_INFO.exec(info);
  if (match === null) {
    throw new Error(`line ${line}: "${info}" is not one of: ts, ts run, ts continue, ts continue run, ts file=name.ts`);
  }
  const { continues, runs, file = `line-${line}.ts` } = match.groups ?? {};
  if (continues !== undefined && last === undefined) throw new Error(`line ${line}: there is nothing to continue`);
  const before = continues === undefined ? [] : (last?.text ?? '').split('\n');
  const padding = Array.from({ length: line - 1 - before.length }, () => '');
  const text = [...before, ...padding, ...lines].join('\n');
  return { line, file, text, outputs: runs === undefined ? [] : [ANY_OUTPUT] };
}

/**
 * Whether a program printed what the document shows. A `…` stands for any text in a line, a line of its own for any
 * lines: times, identifiers and durations differ from run to run.
 *
 * @param {string} printed
 * @param {string} shown
 */
export function printsAsShown(printed, shown) {
  const pattern = trimmedLines(shown)
    .map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escapeRegExp).join('.*?')}\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${trimmedLines(printed).join('\n')}\n`);
}

/** @param {string} text */
function trimmedLines(text) {
  const lines = text.replace(ANSI, '').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n');
}

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

/** @param {string} text */
function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
