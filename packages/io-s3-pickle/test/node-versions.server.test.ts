import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.mjs';

const PROGRAM = fileURLToPath(new URL('support/bodies-twice.ts', import.meta.url));

// That the parser of HTTP copies what it keeps is not written in the documentation of Node.
test.for(NODE_VERSIONS)(
  'what was read over a connection stays as it is, whatever is read after it: by Node %s',
  (version, { skip }) => {
    const binary = nodeBinary(version);
    if (!existsSync(binary) && process.env.MEMO_REQUIRE_SERVERS !== '1') skip('not installed: npm run node-versions');
    const { stdout, stderr } = spawnSync(binary, ['--conditions=@memo/source', PROGRAM], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ stderr, ...JSON.parse(stdout || '{}') }).toMatchObject({ isOurs: true, same: true, letGo: true });
  },
);
