import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpVersionContext, VersionStrategy } from '@memo/core/plugin';

const careless: Readonly<Record<string, (directory: string) => VersionStrategy['getOpVersion']>> = {
  constant: () => () => '1',
  'own source only': () => (context) => Buffer.from(context.run.toString()).toString('hex').slice(0, 200),
  'process id': () => () => String(process.pid),
  'time zone': () => () => new Intl.DateTimeFormat('en').resolvedOptions().timeZone.replace(/[^\w]/g, '-'),
  'absolute path': (directory) => (context: OpVersionContext) =>
    Buffer.from(directory + context.name)
      .toString('hex')
      .slice(0, 200),
  'spaces in versions': () => () => 'version one',
  'package version': (directory) => () =>
    (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string }).version,
};

/** The strategy with the defect that the environment names. */
export function strategy(directory: string): VersionStrategy {
  const defect = process.env.CARELESS_STRATEGY ?? '';
  const make = careless[defect];
  if (make === undefined) throw new TypeError(`There is no defect ${defect}.`);
  return { id: 'careless@1', getOpVersion: make(directory) };
}
