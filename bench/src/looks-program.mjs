// The least that it takes to tell whether files are as they were: a look at each. node looks-program.mjs <project>
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project] = process.argv.slice(2);
await import(pathToFileURL(join(project, 'src/main.js')).href);
const source = join(project, 'src');
const files = readdirSync(source, { recursive: true, withFileTypes: true }).flatMap((entry) =>
  entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
);

const before = process.cpuUsage();
const start = performance.now();
for (const file of files) lstatSync(file, { throwIfNoEntry: false });
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ files: files.length, ms, cpuMs: (user + system) / 1000 }));
