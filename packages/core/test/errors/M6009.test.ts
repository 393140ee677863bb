import { job, MemoError, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

test.each(['M5004', 'M5003'] as const)(
  'a value that is lost (%s) each time it is computed again fails its reader, in the end',
  async (code) => {
    const io = new WatchedManager();
    const lost = new MemoError(code, 'load.result is gone', { fix: 'run it again' });
    io.interference = {
      load: () => {
        throw lost;
      },
    };
    const load = op('load', () => 1);
    const clean = op('clean', ({ docs }: { docs: number }) => docs);
    const recorder = new EventRecorder();
    const training = job('training', { versions: new SetVersions(), io, build: () => clean({ docs: load() }) });
    const result = await training.run({ reporter: recorder.reporter });
    const error = failureOf('M6009', result, 'clean');
    expect(error.details).toEqual({ step: 'load', output: 'result' });
    expect(error.problem).toContain('load.result could not be read 4 times');
    expect(error.cause).toBe(lost);
    expect(recorder.log).toEqual(['load run', 'load run', 'load run', 'load run', 'clean failed']);
    expect(recorder.of('output.lost')).toHaveLength(4);
  },
);
