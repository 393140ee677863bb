import { AssertionError } from 'node:assert';

/** Whether something holds, and what to say where that is not what was expected. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** @throws AssertionError unless the verdict is good; test runners show it as a failed assertion. */
export function expectPass({ pass, message, expected, actual }: Verdict, asker: string): void {
  if (!pass) throw new AssertionError({ message: message(), expected, actual, operator: asker });
}
