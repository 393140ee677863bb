/** Where text goes. */
export interface Output {
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** Width and height of the terminal; 80 and 24 where that is not known. */
  readonly columns: number;
  readonly rows: number;
}

/** Everything outside that a command touches, so that tests can stand in for it. */
export interface Surroundings {
  /** The answer goes here. */
  readonly stdout: Output;
  /** Progress and diagnostics go here. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory in which the command was called. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment; never runs backwards. */
  elapsed(): number;
  /** Calls `act` every so often until the returned function is called; does not keep the process alive. */
  every(ms: number, act: () => void): () => void;
  /** Calls `act` once, later, unless the returned function is called before. */
  after(ms: number, act: () => void): () => void;
  /** Calls `act` with the path of each file below a directory that changed, until the returned function is called. */
  watch(directory: string, act: (file: string) => void): () => void;
  /** Answers another command line in a process of its own that has the same terminal; gives its exit code. */
  again(words: readonly string[]): Promise<number>;
  /** Calls `act` for each interrupt of the user, until the returned function is called. */
  onInterrupt(act: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /**
   * Calls `act` with each key that is pressed, until the returned function is called; `undefined` where nobody can press one. Ctrl-C and Ctrl-Z
   * keep their meaning.
   */
  onKey(act: (key: string) => void): (() => void) | undefined;
  /** Calls `act` when the terminal was resized, until the returned function is called. */
  onResize(act: () => void): () => void;
  /** Hands what the user's code prints to `act` instead of letting it out, until the returned function is called. */
  onOutput(act: (text: string) => void): () => void;
  /** Ends the process on the spot. */
  exit(code: number): void;
  /** Asks the person at the terminal; `undefined` where nobody is there. */
  ask(question: string): Promise<string | undefined>;
  /** Loads a module of the user. */
  load(file: string): Promise<Readonly<Record<string, unknown>>>;
}

/** True where a CI system runs the command, as `CI` says. */
export function isInCI({ env: { CI } }: Surroundings): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false';
}
