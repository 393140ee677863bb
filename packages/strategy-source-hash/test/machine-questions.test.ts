import type { Json, OpVersionContext } from '@memo/core/plugin';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fileClosures, type SourceSlice, sliceSource, sourceHash, versionsForBundle } from '../src/index.ts';
import { sourceFacts } from '../src/source-facts.ts';
import { names } from './fixtures/program/machine.ts';
import { compares } from './fixtures/program/machine-compared.ts';
import { plain } from './fixtures/program/plain.ts';
import { temporaryProject } from './support/project.ts';

const WIN = "process.platform === 'win32'";

/** What the text of a module asks of the machine as it is loaded. */
function asked(text: string): readonly string[] {
  const { findings } = sourceFacts('file.ts', Buffer.from(text)).initialisers.module;
  return findings.map(({ kind, message }) => (kind === 'impure-initialiser' ? (message.split(' ')[0] ?? '') : kind));
}

describe('what a module asks of the machine while it is loaded', () => {
  test.each<readonly [string, ...(readonly string[])]>([
    ['use(process.platform)', 'process.platform'],
    ['use(process?.arch, process.version)', 'process.arch', 'process.version'],
    ['use(process.versions.node)', 'process.versions.node'],
    ["use(process.versions['bun'])", 'process.versions.bun'],
    ['use({ ...process.versions })', 'process.versions'],
    ['const all = process.versions', 'process.versions'],
    ['const { platform } = process', 'process.platform'],
    ["import process from 'node:process'; use(process.arch)", 'process.arch'],
    ["import { arch } from 'process'; use(arch)", 'process.arch'],
    ["use(require('process').arch, globalThis.process.arch)", 'process.arch', 'process.arch'],
    ["import os from 'node:os'; use(os.devNull, os.EOL)", 'node:os.devNull', 'node:os.EOL'],
    ["import { EOL } from 'os'; const end = EOL", 'node:os.EOL'],
    ["import { sep } from 'node:path'; const parts = text.split(sep)", 'node:path.sep'],
    [`const isWindows = ${WIN}`, 'process.platform = "win32"'],
    ["const isMac = 'darwin' == process?.platform", 'process.platform = "darwin"'],
    ['const isNode = process.versions?.node != null', 'process.versions.node = null'],
    ['const isNode = undefined !== process.versions.node', 'process.versions.node = null'],
    ['const isBun = !!process.versions.bun', 'process.versions.bun = null'],
    ['const isOther = process.platform === other', 'process.platform'],
    ['const isLater = process.version > "v20"', 'process.version'],
    ['const list = words.sort((a, b) => a.localeCompare(b))', 'locale'],
    ['const text = name.toLocaleUpperCase()', 'locale'],
    ['const form = new Intl.NumberFormat()', 'locale'],
    ['const form = Intl.ListFormat(undefined, {})', 'locale'],
    ["const form = new Intl.DateTimeFormat('de')", 'time zone'],
    ["const form = new Intl.DateTimeFormat([], { timeZone: 'UTC' })", 'locale'],
    ['const text = when.toLocaleDateString()', 'locale', 'time zone'],
    ['const year = when.getFullYear()', 'time zone'],
    ['const offset = when.getTimezoneOffset()', 'time zone'],
    ['const day = new Date(2020, 1, 1)', 'time zone'],
    ["const day = new Date('2020-01-01T00:00'), same = Date.parse('1 May 2020')", 'time zone', 'time zone'],
    ['const day = new Date(text)', 'time zone'],
  ])('%s', (text, ...questions) => {
    expect(asked(text)).toEqual(questions.map((question) => `machine:${question}`));
  });

  test.each<readonly [string, ...(readonly string[])]>([
    ['export const f = () => process.platform'],
    [`import { op } from '@memo/core'; export const a = op('a', () => new Date(2020, 1).getHours())`],
    ["const major = Number(process.versions.node.split('.')[0])"],
    ["import os from 'node:os'; const { platform } = os"],
    ["import { posix } from 'node:path'; const sep = posix.sep"],
    ["const list = words.sort((a, b) => a.localeCompare(b, 'en'))"],
    ["const text = name.toLocaleUpperCase('en')"],
    ["const form = new Intl.NumberFormat('en'), other = Intl.supportedValuesOf('unit')"],
    ["const form = new Intl.DateTimeFormat('en', { timeZone: 'UTC' })"],
    ["const day = new Date('2020-01-01'), same = new Date(0), hour = new Date('2020-01-01T10:00:00Z')"],
    ["const hour = Date.parse('2020-01-01T10:00+02:00')"],
    ['const day = new Date(Date.UTC(2020, 1)), same = new Date(day.getTime()), other = new Date(end - 1)'],
    ['const year = when.getUTCFullYear(), text = when.toISOString()'],
  ])('nothing: %s', (text) => {
    expect(asked(text)).toEqual([]);
  });

  test.each([
    ['use(process.execPath)', 'process.execPath'],
    ['const { config } = process', 'process.config'],
    ['const isTerminal = process.stdout.isTTY', 'process.stdout.isTTY'],
    ['const { columns } = process.stderr', 'process.stderr.columns'],
    ['const user = process.geteuid()', 'process.geteuid'],
    ["import os from 'node:os'; const isMac = os.platform() === 'darwin'", 'os.platform'],
    ["import { arch } from 'node:os'; use(arch())", 'os.arch'],
    ["const begin = performance.mark('begin')", 'performance.mark'],
  ])('what no other process answers alike is said: %s', (text, path) => {
    expect(asked(text)).toEqual([path]);
  });
});

function on(machine: { readonly platform?: string; readonly arch?: string }): void {
  for (const [name, value] of Object.entries(machine))
    vi.spyOn(process, name as 'arch', 'get').mockReturnValue(value as 'x64');
}

const real = { platform: process.platform, arch: process.arch };

/** On platforms and architectures that can be set, as all of them can be read. */
function settable(): void {
  for (const [name, value] of Object.entries(real)) {
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => value });
  }
}

settable();
afterEach(() => {
  vi.restoreAllMocks();
});

// The resolver of packages is native code, which is found by the platform.
sourceHash().getVersions([plain]);

const versionOf = (context: OpVersionContext): string => sourceHash().getOpVersion(context).version;

function slice(lib: string, options: { readonly assumePure?: readonly string[] } = {}): SourceSlice {
  const { root } = temporaryProject({
    'package.json': '{"name":"p","type":"module"}',
    'src/ops.ts': `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', () => f());\n`,
    'src/lib.ts': lib,
  });
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main', ...options });
}

describe('the version of an op whose modules ask the machine', () => {
  test('is the same where the answers are, and says nothing', () => {
    on({ platform: 'darwin', arch: 'arm64' });
    const [mac, named] = [versionOf(compares), versionOf(names)];
    on({ platform: 'linux', arch: 'arm64' });
    expect([versionOf(compares), versionOf(names)]).toEqual([mac, named]);
    on({ platform: 'win32', arch: 'x64' });
    expect(versionOf(compares)).not.toBe(mac);
    expect(versionOf(names)).not.toBe(named);
    const { certainty, uncertain } = sourceHash().getOpVersion(compares);
    expect([certainty, uncertain]).toEqual(['exact', undefined]);
  });

  test('has nothing of what only the op asks, as it runs', () => {
    expect(slice('export const f = () => process.arch;\n')).toMatchObject({ machine: {}, uncertain: [] });
  });

  test('names the question where the answer is another one', () => {
    const strategy = sourceHash();
    on({ platform: 'linux', arch: 'arm64' });
    const before = strategy.getOpVersion(names).manifest as Json;
    on({ platform: 'linux', arch: 'x64' });
    const after = strategy.getOpVersion(names).manifest as Json;
    expect(before).toMatchObject({ machine: { 'process.arch': '"arm64"' }, uncertain: [] });
    expect(strategy.diffManifests(before, after)).toEqual([
      { what: 'machine', name: 'process.arch', how: 'changed', before: '"arm64"', after: '"x64"' },
    ]);
  });

  test('has the files of its closure in surroundings of their own', () => {
    on({ platform: 'linux', arch: 'arm64' });
    const [before] = fileClosures([names]);
    expect(before).toMatchObject({ certainty: 'exact', uncertain: [] });
    on({ arch: 'x64' });
    expect(fileClosures([names])[0]?.surroundings).not.toBe(before?.surroundings);
  });

  test('in a bundle is that of no machine, and says that it cannot be tracked', () => {
    on({ arch: 'arm64' });
    const before = versionsForBundle([names, plain]);
    on({ arch: 'x64' });
    expect(versionsForBundle([names, plain])).toEqual(before);
    expect(Object.values(before.versions).map(({ certainty }) => certainty)).toEqual(['untrackable', 'exact']);
  });

  test('counts what functions ask that are called at load, in other files too, and locale and time zone', () => {
    const lib = `const sorted = (list: string[]) => list.sort((a, b) => a.localeCompare(b));\nconst words = sorted(['a', 'b']);\nconst start = new Date(2020, 1, 1);\nexport const f = () => [words, start];\n`;
    const options = Intl.DateTimeFormat().resolvedOptions();
    const answering = (locale: string, timeZone: string): SourceSlice => {
      const resolved = { ...options, locale, timeZone };
      vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue(resolved);
      return slice(lib);
    };
    const german = answering('de', 'Europe/Berlin');
    expect(german.machine).toEqual({ locale: '"de"', 'time zone': '"Europe/Berlin"' });
    expect([german.certainty, german.uncertain]).toEqual(['exact', []]);
    expect(answering('de', 'Europe/Berlin').version).toBe(german.version);
    expect(answering('sv', 'Europe/Berlin').version).not.toBe(german.version);
    expect(answering('de', 'UTC').version).not.toBe(german.version);
  });

  test('leaves out what code asks that is declared pure', () => {
    const lib = 'const ask = () => process.arch;\nconst arch = ask();\nexport const f = () => 1 + arch.length;\n';
    expect(slice(lib).machine).toEqual({ 'process.arch': JSON.stringify(real.arch) });
    expect(slice(lib, { assumePure: ['src/lib.ts#ask'] })).toMatchObject({ machine: {}, certainty: 'assumed' });
  });
});
