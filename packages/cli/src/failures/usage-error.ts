import { MemoError } from '@memo/core/text';

/** What a command line says that no command takes. */
export function usageError(problem: string, fix?: string): MemoError {
  return new MemoError('M1002', problem, fix === undefined ? {} : { fix });
}
