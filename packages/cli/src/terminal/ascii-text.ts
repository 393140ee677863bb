/** What stands for a character where only ASCII may be written. Each is as wide as what it stands for. */
const ASCII: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '×': 'x',
  '→': '>',
  '←': '<',
  '↻': '@',
  '●': '*',
  '✓': '+',
  '✗': 'x',
  '○': 'o',
  '◌': 'o',
  '◐': '%',
  '▸': '>',
  '█': '#',
  '▓': '=',
  '░': '.',
  '└': '`',
  '├': '|',
  '│': '|',
  '─': '-',
  '╭': ',',
  '╰': '`',
  '┌': ',',
  '┐': '.',
  '┘': "'",
  '┼': '+',
  '┬': '+',
  '┴': '+',
  '┤': '|',
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '’': "'",
  µ: 'u',
};

/** A text without characters beyond ASCII. */
export function asciiText(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (character) => ASCII[character] ?? '?');
}
