import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dataset } from './resources/dataset.ts';

const FILES = { flights: 'flights-3m.parquet', airports: 'airports.csv', states: 'us-10m.json' } as const;

/** The data in the package `vega-datasets`. */
export function findDataset(): Dataset {
  const { folder, release } = findPackage();
  return {
    source: `vega-datasets ${release}`,
    flights: join(folder, FILES.flights),
    readAirports: () => readFile(join(folder, FILES.airports), 'utf8'),
    readStates: () => readFile(join(folder, FILES.states), 'utf8'),
  };
}

/** The release of the package with the sizes of the files: another release, or a file that was replaced, is other data. */
export function versionOfDataset(): string {
  const { folder, release } = findPackage();
  return [release, ...Object.values(FILES).map((file) => statSync(join(folder, file)).size)].join('-');
}

/** The package exports nothing but its main entry, which lies one folder below its root. */
function findPackage(): { folder: string; release: string } {
  const root = dirname(dirname(createRequire(import.meta.url).resolve('vega-datasets')));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(root, 'data'), release: version };
}
