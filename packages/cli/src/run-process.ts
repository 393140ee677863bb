import process from 'node:process';
import { main } from './main.ts';
import { processSurroundings } from './process-surroundings.ts';

/** The command line of this process. */
export async function runProcess(): Promise<void> {
  const around = processSurroundings();
  const code = await main(process.argv.slice(2), around);
  await around.flushed();
  // What a job left open (a pool of connections, a timer) must not keep a command alive that is done.
  process.exit(code);
}
