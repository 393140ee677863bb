import { expect, test } from 'vitest';
import { readCommandLine } from '../scripts/command-line.mjs';

const NOTHING = { help: false, clean: false, env: {}, config: [], run: [], problem: undefined };

test('without flags everything has its default', () => {
  expect(readCommandLine([])).toEqual(NOTHING);
});

test('the flags of the demo become config and variables, and all others go to memo run', () => {
  const args =
    '--store memory --palette=ocean --versions git --sample 20000 --set lateAfter=30 --force=load+ -j 2 --clean';
  expect(readCommandLine([...args.split(' '), '-h', '--set=note=x=y'])).toEqual({
    ...NOTHING,
    help: true,
    clean: true,
    env: { DEMO_STORE: 'memory', DEMO_PALETTE: 'ocean', DEMO_VERSIONS: 'git' },
    config: ['--set', 'sample=20000', '--set', 'lateAfter=30', '--set', 'note=x=y'],
    run: ['--force=load+', '-j', '2'],
  });
});

test('a flag that lacks its value is refused, and no name reaches a prototype', () => {
  for (const flag of ['sample', 'set', 'palette', 'store', 'versions'])
    expect(readCommandLine([`--${flag}`]).problem).toBe(`--${flag} needs a value`);
  expect(readCommandLine(['--constructor', '--to-string'])).toEqual({
    ...NOTHING,
    run: ['--constructor', '--to-string'],
  });
});
