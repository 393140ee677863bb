import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../src/command.ts';
import { withBlock } from '../src/index.ts';

const KEPT = fileURLToPath(new URL('harnesses/kept.ts', import.meta.url));
const BROKEN = fileURLToPath(new URL('harnesses/broken.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memo-conformance-command-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function command(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  return { code: await runCommand(args, (line) => lines.push(line)), lines };
}

describe('the command', () => {
  test('names each case, and counts them', async () => {
    const { code, lines } = await command(KEPT);
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^lines\/1 keeps the promises of codecs \(it does not have: stored bytes/);
    expect(lines).toContain('  kept   registration/id: the id is valid and belongs to no built-in codec');
    expect(lines).toContain('  -      stored/earlier-releases (needs stored bytes)');
    expect(lines.at(-1)).toMatch(/^13 kept, 0 broken, 3 skipped$/);
  });

  test('fails when a promise is broken, says why, and writes no block', async () => {
    const readme = join(folder, 'README.md');
    writeFileSync(readme, '<!-- conformance --><!-- /conformance -->');
    const { code, lines } = await command(BROKEN, '--readme', readme);
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/broken round-trip\/same-value: .*\n +one line: got \[ 'ONE' \]/);
    expect(readFileSync(readme, 'utf8')).toBe('<!-- conformance --><!-- /conformance -->');
  });

  test('writes the block of a README, and checks it', async () => {
    const readme = join(folder, 'README.md');
    writeFileSync(readme, 'before\n\n<!-- conformance -->\nold\n<!-- /conformance -->\n\nafter\n');
    expect(await command(KEPT, '--check', readme)).toMatchObject({ code: 1 });
    expect((await command(KEPT, '--readme', readme)).lines.at(-1)).toBe(`${readme} was updated`);
    expect(readFileSync(readme, 'utf8')).toMatch(
      /^before\n\n<!-- conformance -->\n\n\*\*lines\/1\*\* keeps the promises of codecs: 13 cases of `@memo\/conformance` .* hold, 3 do not apply\.\nIt has: canonical, any bytes\.\nIt does not have, .*\n\n<!-- \/conformance -->\n\nafter\n$/,
    );
    expect(await command(KEPT, '--check', readme)).toMatchObject({ code: 0 });
  });

  test.each([[[]], [['a', 'b']], [['--unknown']], [['a', '--readme', 'b', 'c']]])(
    'shows its usage for %j',
    async (args) => {
      const { code, lines } = await command(...args);
      expect(code).toBe(2);
      expect(lines[0]).toMatch(/^memo-conformance <module>/);
    },
  );

  test('says what is wrong with a module without a harness', async () => {
    const module = join(folder, 'nothing.mjs');
    writeFileSync(module, 'export const other = 1;\n');
    await expect(command(module)).rejects.toThrow(/must export a harness/);
  });
});

test.each(['', '<!-- conformance -->', '<!-- /conformance --> <!-- conformance -->'])(
  'a README without a place for the block is refused: %j',
  (readme) => {
    expect(() => withBlock(readme, 'block')).toThrow(TypeError);
  },
);
