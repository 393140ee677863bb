#!/usr/bin/env node
import { relative } from 'node:path';
import { createIOManager } from './index.ts';

const USAGE = `npm create @memo/io-manager <backend> [directory]

Writes the package memo-io-<backend>, for example: npm create @memo/io-manager my-backend
`;

const [backend, directory, ...more] = process.argv.slice(2);
if (backend === undefined || backend.startsWith('-') || more.length > 0) {
  process.stdout.write(USAGE);
  process.exitCode = backend === '--help' ? 0 : 2;
} else {
  try {
    const created = createIOManager({ backend, ...(directory === undefined ? {} : { directory }) });
    const place = relative(process.cwd(), created.directory) || '.';
    process.stdout.write(`${created.files.map((file) => `  ${place}/${file}`).join('\n')}

Next:
  cd ${place}
  npm install
  npm test          the conformance suite, green
  src/index.ts      replace the three functions of the backend
  npm run readme    writes what it promises into README.md
`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
