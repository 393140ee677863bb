import { job, op, type Reporter } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs);

test('one that throws, one that listens, and none: the same steps run', async () => {
  const versions = new SetVersions();
  const cleaning = job('cleaning', { versions, io: new WatchedManager(), build: () => clean({ docs: load() }) });
  const broken: Reporter = () => {
    throw new Error('no terminal');
  };
  const recorder = new EventRecorder();
  expect(whatRan(await cleaning.run({ reporter: [broken, recorder.reporter] }))).toEqual({ ran: ['clean', 'load'] });
  expect(recorder.log).toEqual(['load run', 'clean run']);
  expect(whatRan(await cleaning.run({ reporter: broken }))).toEqual({ reused: ['clean', 'load'] });
  expect(whatRan(await cleaning.run())).toEqual({ reused: ['clean', 'load'] });
  versions.set('clean', '2');
  expect(whatRan(await cleaning.run({ reporter: broken }))).toEqual({ ran: ['clean'], reused: ['load'] });
});
