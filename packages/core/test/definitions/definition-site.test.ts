import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureSite, type DefinitionSite } from '../../src/definitions/definition-site.ts';

/** What this Node has in place where a runner would put its own, if anything. */
const SOURCE = execFileSync(process.execPath, ['-p', 'String(Error.prepareStackTrace)'], { encoding: 'utf8' });
const plainText = (_error: Error, sites: readonly NodeJS.CallSite[]): string =>
  ['Error', ...sites.map((site) => `    at ${String(site)}`)].join('\n');
const NODES_OWN = new Script(`(internalPrepareStackTrace, defaultPrepareStackTrace) => ${SOURCE}`).runInThisContext()(
  plainText,
  (_: unknown, error: Error, sites: readonly NodeJS.CallSite[]) => plainText(error, sites),
) as typeof Error.prepareStackTrace;

const inner = (): DefinitionSite => captureSite(inner);
const here = (): DefinitionSite => inner();
/** Made by code of a file that does not exist, at a line. */
function madeAt(file: string, line: number, call = 'make()'): DefinitionSite {
  const script = new Script(`${'\n'.repeat(line - 1)}(make) => ${call}`, { filename: pathToFileURL(file).href });
  return (script.runInThisContext() as (make: () => DefinitionSite) => DefinitionSite)(here);
}

let runnersOwn: typeof Error.prepareStackTrace;
const areMapped = process.sourceMapsEnabled;
beforeEach(() => {
  runnersOwn = Error.prepareStackTrace;
  process.setSourceMapsEnabled(false);
});
afterEach(() => {
  Error.prepareStackTrace = runnersOwn as typeof Error.prepareStackTrace;
  process.setSourceMapsEnabled(areMapped);
});

describe('the calls of a definition', () => {
  test.each([
    ['nobody', undefined],
    ['Node', NODES_OWN],
  ])('where %s writes stacks differ with its file, its line, its column and what generated it', (_who, prepare) => {
    Error.prepareStackTrace = prepare as typeof Error.prepareStackTrace;
    const made: readonly (readonly [file: string, line: number, call?: string])[] = [
      ['/p/a.js', 3],
      ['/p/a.js', 4],
      ['/p/b.js', 3],
      ['/p/a.js', 3, '{ return make(); }'],
      ['/p/a.js', 3, 'eval("make()")'],
      ['/p/a.js', 3, '[1].map(make)[0]'],
      ['/p/a.js', 3, '((n) => n())(make)'],
    ];
    const calls = [...made, ...made].map((one) => madeAt(...one).calls);
    expect(new Set(calls).size).toBe(made.length);
    expect(calls.slice(made.length).every((one, at) => one === calls[at])).toBe(true);
    expect(calls.some((one) => one?.includes('\n'))).toBe(false);
  });

  test('have the text of the stack in them where a runner maps sources', () => {
    Error.prepareStackTrace = () => 'Error\n    at /p/source.ts:1:1';
    expect(madeAt('/p/a.js', 3).calls).toMatch(/at \/p\/source\.ts:1:1$/);
    Error.prepareStackTrace = NODES_OWN as typeof Error.prepareStackTrace;
    expect(madeAt('/p/a.js', 3).calls).not.toMatch(/at \/p\/a\.js:3:/);
    process.setSourceMapsEnabled(true);
    const site = madeAt('/p/a.js', 3);
    expect(site.calls?.endsWith(site.stack)).toBe(true);
  });

  test('name frames that are read off the files as they were loaded, without the query of a runner', () => {
    expect(madeAt('/p/a b.js', 7).frames[1]).toMatchObject({ file: '/p/a b.js', line: 7 });
  });
});
