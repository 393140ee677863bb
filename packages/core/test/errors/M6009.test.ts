import { job, MemoError, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { type Interference, WatchedManager } from '../support/watched-manager.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs);

const TROUBLES: Readonly<Record<string, (io: WatchedManager) => Interference>> = {
  'vanishes (M5004)': (io) => ({ load: () => io.lose('load') }),
  'is damaged (M5003)': () => ({
    load: () => {
      throw new MemoError('M5003', 'load.result is damaged', { fix: 'run it again' });
    },
  }),
};

test.each(Object.entries(TROUBLES))(
  'a value that %s each time it was computed fails its reader, in the end',
  async (what, trouble) => {
    const io = new WatchedManager();
    io.interference = trouble(io);
    const recorder = new EventRecorder();
    const training = job('training', { versions: new SetVersions(), io, build: () => clean({ docs: load() }) });
    const result = await training.run({ reporter: recorder.reporter });
    const error = failureOf('M6009', result, 'clean');
    expect(error.details).toEqual({ step: 'load', output: 'result' });
    expect(error.problem).toContain('load.result could not be read 4 times');
    expect(what).toContain((error.cause as MemoError).code);
    expect(recorder.log).toEqual(['load run', 'load run', 'load run', 'load run', 'clean failed']);
    expect(recorder.of('output.lost')).toHaveLength(4);
  },
);
