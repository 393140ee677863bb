import { padTo, widthOf } from '@memo/core/text';
import { type Flag, type FlagTable, GLOBAL_FLAGS } from '../arguments/flags.ts';
import { versionLine } from '../package-version.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { CommandForm } from './command-form.ts';
import type { CommandLine } from './command-line.ts';
import { ALIASES, FORMS } from './every-form.ts';

/** The lines that answer a command line with `--version` or `--help`. */
export function helpLines({ name, form, flags }: CommandLine, terminal: Terminal): readonly string[] {
  if (flags.has('version')) return [versionLine()];
  return name === undefined || form === undefined ? overview(terminal) : commandHelp(name, form, terminal);
}

/** `memo --help`: every command in a line. */
function overview({ paint, columns }: Terminal): readonly string[] {
  const names = Object.keys(FORMS);
  const width = Math.max(...names.map(widthOf));
  const groups = new Set(Object.values(FORMS).map(({ group }) => group));
  const lines = [`${paint('bold', 'memo')} [command] [job or step] [flags]`];
  for (const group of groups) {
    lines.push('', paint('dim', group));
    for (const [name, form] of Object.entries(FORMS)) {
      if (form.group !== group) continue;
      const alias = Object.keys(ALIASES).find((other) => ALIASES[other] === name);
      const text = form.summary + (alias === undefined ? '' : ` (also: ${alias})`);
      lines.push(
        ...hanging(`  ${paint('cyan', name)}${' '.repeat(width - widthOf(name))}  `, text, {
          indent: width + 4,
          columns,
        }),
      );
    }
  }
  return [
    ...lines,
    '',
    paint('dim', 'every command'),
    ...flagLines(GLOBAL_FLAGS, columns),
    '',
    ...wrapText('memo <command> --help says what it takes.', columns),
  ];
}

/** `memo run --help`. */
function commandHelp(name: string, form: CommandForm, { paint, columns }: Terminal): readonly string[] {
  const examples = form.examples.map((example) => `  ${paint('dim', '$')} ${example}`);
  return [
    `${paint('bold', `memo ${name}`)} ${form.takes}`.trimEnd(),
    '',
    ...wrapText(form.about, Math.min(columns, 100)),
    ...(Object.keys(form.flags).length === 0 ? [] : ['', ...flagLines(form.flags, columns)]),
    ...(examples.length === 0 ? [] : ['', ...examples]),
    '',
    paint('dim', 'every command'),
    ...flagLines(GLOBAL_FLAGS, columns),
  ];
}

function flagLines(table: FlagTable, columns: number): readonly string[] {
  const rows = Object.entries(table).map(([name, flag]) => [flagText(name, flag), flag.says] as const);
  const width = Math.max(...rows.map(([text]) => widthOf(text)));
  return rows.flatMap(([text, says]) => hanging(`  ${padTo(text, width)}  `, says, { indent: width + 4, columns }));
}

function flagText(name: string, { kind, short, value }: Flag): string {
  const start = short === undefined ? '    ' : `-${short}, `;
  if (value === undefined) return `${start}--${name}`;
  return kind === 'maybe' ? `${start}--${name}[=${value}]` : `${start}--${name} ${value}`;
}

function hanging(
  start: string,
  text: string,
  { indent, columns }: { readonly indent: number; readonly columns: number },
): readonly string[] {
  const room = Math.min(columns, 110) - indent;
  if (room < 20) return [start.trimEnd(), ...wrapText(text, Math.max(10, columns - 6)).map((line) => `      ${line}`)];
  return wrapText(text, room).map((line, index) => (index === 0 ? start : ' '.repeat(indent)) + line);
}
