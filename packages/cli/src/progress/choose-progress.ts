import type { Invocation } from '../commands/command.ts';
import { isInCI } from '../surroundings.ts';
import { LineProgress } from './line-progress.ts';
import { LiveProgress } from './live-progress.ts';
import type { Progress } from './progress.ts';
import { SilentProgress } from './silent-progress.ts';

/** How a run is shown: as `--progress` says, else an area that is drawn anew on a terminal and lines elsewhere. */
export function chooseProgress({ flags, around, err }: Invocation): Progress {
  const verbose = flags.has('verbose');
  const asked = flags.text('progress') ?? 'auto';
  if (asked === 'none') return new SilentProgress(around, undefined);
  if (asked === 'quiet' || (asked === 'auto' && flags.has('quiet'))) return new SilentProgress(around, err);
  const live = asked === 'tty' || (asked === 'auto' && err.isTTY && around.env.TERM !== 'dumb' && !isInCI(around));
  return live ? new LiveProgress(around, err, verbose) : new LineProgress(around, err, verbose);
}
