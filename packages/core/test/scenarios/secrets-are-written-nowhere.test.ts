import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure, consoleReporter, job, op, resource } from '@memo/core';
import { fileRecordStore } from '@memo/core/plugin';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const SECRETS = {
  job: 'jobsecret-7f3a',
  op: 'opsecret-"19"\n\\b2',
  resource: 'resourcesecret-55c1',
  environment: 'environmentsecret-0d4e',
};

afterEach(() => {
  vi.unstubAllEnvs();
});

const config = z.object({ token: z.string(), plain: z.string().default('visible') });

function leaking(fails: boolean) {
  const client = resource('client', {
    config,
    secret: [{ path: 'token', versioned: true }],
    setup: ({ config: { token }, log }) => {
      log.info(`connecting with ${token}`, { token });
      return token;
    },
  });
  const talk = op('talk', {
    config,
    secret: ['token'],
    uses: { client },
    env: [{ name: 'MEMO_TEST_SECRET', secret: true }],
    run: (_, { config: { token }, log, annotate, use }) => {
      log.warn(`op has ${token} and ${use.client} and ${process.env.MEMO_TEST_SECRET}`, { deep: [{ token }] });
      annotate('token', token);
      if (fails) throw new Error(`refused ${token} at ${encodeURIComponent(token)}`);
      return 'done';
    },
  });
  const jobConfig = z.object({ key: z.string() });
  const over = (io: WatchedManager) =>
    job('talking', {
      versions: new SetVersions(),
      io,
      config: jobConfig,
      secret: ['key'],
      resources: [configure(client, { token: SECRETS.resource })],
      tags: { note: `runs with ${SECRETS.job}` },
      build: () => talk({}, { config: { token: SECRETS.op } }),
    });
  return over;
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map((file) => readFile(file, 'latin1')));
}

function expectClean(texts: readonly string[], what: string): void {
  const forms = Object.values(SECRETS).flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  for (const text of texts) for (const form of forms) expect(text.includes(form), `${form} in ${what}`).toBe(false);
}

test.each([false, true])('not in events, journal, console, records or plans; the op fails: %s', async (fails) => {
  vi.stubEnv('MEMO_SECRET_KEY', 'a long random text');
  vi.stubEnv('MEMO_TEST_SECRET', SECRETS.environment);
  const folder = await mkdtemp(join(tmpdir(), 'memo-secrets-'));
  try {
    const io = new WatchedManager();
    Object.assign(io, { records: fileRecordStore(join(folder, 'records')) });
    const recorder = new EventRecorder();
    const printed: string[] = [];
    const printer = consoleReporter({ stream: { write: (text) => printed.push(text) }, verbose: true });
    const talking = leaking(fails)(io);
    const options = { config: { key: SECRETS.job } };
    const result = await talking.run({
      ...options,
      journal: join(folder, 'runs'),
      reporter: [recorder.reporter, printer],
    });
    expect(result.ok).toBe(!fails);
    expect(recorder.events.length).toBeGreaterThan(5);
    expect(recorder.of('step.log').map(({ message }) => message)).toContain('connecting with (secret)');
    expectClean([JSON.stringify(recorder.events)], 'events');
    const plan = await talking.plan(options);
    expectClean([String(plan), JSON.stringify(plan.steps), String(plan.explain('talk'))], 'the plan');
    const files = await textsBelow(folder);
    expect(files.length).toBeGreaterThan(fails ? 0 : 1);
    expectClean(files, 'files');
    expectClean([JSON.stringify(await io.bindings())], 'bindings');
    expect(printed.length).toBeGreaterThan(3);
    expectClean(printed, 'the console');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
