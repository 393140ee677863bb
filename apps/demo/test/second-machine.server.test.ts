import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { environmentOf, s3ServerDirectory, s3ServerIn, stopS3ServerIn, whyNoS3Server } from '@memo/s3-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyDemo, runDemo } from '../scripts/walk.ts';

const skipped = process.env.MEMO_REQUIRE_SERVERS === '1' ? undefined : whyNoS3Server();

describe.skipIf(skipped !== undefined)(`the demo with a bucket for a store ${skipped ?? ''}`, () => {
  const server = s3ServerDirectory();
  let machines: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    machines = await mkdtemp(join(tmpdir(), 'memo-demo-s3-'));
    environment = environmentOf(await s3ServerIn(server));
    const { AWS_ENDPOINT_URL_S3: endpoint = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = environment;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
    await client.send(new CreateBucketCommand({ Bucket: 'results' }));
    client.destroy();
  });
  afterAll(async () => {
    await stopS3ServerIn(server);
    await rm(machines, { recursive: true, force: true });
  });

  /** A checkout in a directory of its own, with a home of its own. */
  const machine = async (name: string) => {
    const root = join(machines, name, 'checkout');
    const home = join(machines, name, 'home');
    await copyDemo(root);
    await mkdir(home);
    const run = (...args: string[]) =>
      runDemo(root, ['--sample', '20000', '--store', 's3://results/team/demo', ...args], {
        ...environment,
        HOME: home,
      });
    return { run, report: () => readFile(join(root, 'apps', 'demo', 'out', 'report.html'), 'utf8') };
  };

  test('computes everything once: a second machine re-uses all of it, and after a change only what is not affected', async () => {
    const first = await machine('first');
    const computed = await first.run();
    expect(computed.output).toContain('store s3://results/team/demo');
    expect(computed).toMatchObject({ exitCode: 0, output: expect.stringMatching(/22 ran · 0 reused/) });

    const second = await machine('second');
    const reused = await second.run();
    expect(reused).toMatchObject({ exitCode: 0, output: expect.stringContaining('0 ran') });
    expect(reused.output).toContain('FULL MEMO');
    expect(await second.report()).toBe(await first.report());

    const changed = await second.run('--set', 'lateAfter=30');
    expect(changed.output).toMatch(/\b[1-9]\d* ran · [1-9]\d* reused/);
    expect((await first.run('--set', 'lateAfter=30')).output).toContain('FULL MEMO');
  });
});
