import { EXIT } from '../exit-code.ts';
import type { Invocation } from './command.ts';

/**
 * Does what leaves whole results wherever it is ended, and tells it to end at the first interrupt: the exit code is that of the interrupt then, unless
 * everything was done all the same. The second interrupt ends the process.
 */
export async function untilInterrupted(
  { around, err }: Invocation,
  act: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const controller = new AbortController();
  const reason = new Error('Interrupted.');
  let code: number | undefined;
  const stopListening = around.onInterrupt((signal) => {
    const isFirst = code === undefined;
    code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (!isFirst) return around.exit(code);
    const again = signal === 'SIGINT' ? ' Ctrl-C again ends at once.' : '';
    err.print(err.paint('yellow', `stopping: what is there already stays, and is whole.${again}`));
    controller.abort(reason);
  });
  try {
    return await act(controller.signal);
  } catch (error) {
    if (error === reason && code !== undefined) return code;
    throw error;
  } finally {
    stopListening();
  }
}
