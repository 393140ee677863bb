import { padTo, widthOf } from '@memo/core/text';
import { ALIASES, type Command } from '../commands/command.ts';
import { COMMANDS } from '../commands/command-table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type Flag, type FlagTable, GLOBAL_FLAGS } from './flags.ts';

/** `memo --help`: every command in a line. */
export function overview({ paint, columns }: Terminal): readonly string[] {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map(widthOf));
  const groups = new Set(Object.values(COMMANDS).map(({ group }) => group));
  const lines = [`${paint('bold', 'memo')} [command] [job or step] [flags]`];
  for (const group of groups) {
    lines.push('', paint('dim', group));
    for (const [name, entry] of Object.entries(COMMANDS)) {
      if (entry.group !== group) continue;
      const alias = Object.keys(ALIASES).find((other) => ALIASES[other] === name);
      const text = entry.summary + (alias === undefined ? '' : ` (also: ${alias})`);
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
export function commandHelp(name: string, command: Command, { paint, columns }: Terminal): readonly string[] {
  const examples = command.examples.map((example) => `  ${paint('dim', '$')} ${example}`);
  return [
    `${paint('bold', `memo ${name}`)} ${command.takes}`.trimEnd(),
    '',
    ...wrapText(command.about, Math.min(columns, 100)),
    ...(Object.keys(command.flags).length === 0 ? [] : ['', ...flagLines(command.flags, columns)]),
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
