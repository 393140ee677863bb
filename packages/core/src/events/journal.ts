import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MemoError } from '../errors/memo-error.ts';
import { isMemoEvent } from './event-shape.ts';
import type { MemoEvent, Reporter } from './memo-event.ts';

/** A reporter that keeps a run's events in a file. */
export interface JournalReporter extends Reporter {
  /** Writes what is not written yet. Events after that are dropped. May be called again. */
  close(): void;
}

export interface JournalOptions {
  /** Told once when the journal cannot be written; nothing more is written then, and the run goes on. Default: nobody is told. */
  readonly onError?: (error: unknown) => void;
}

const BATCH_CHARACTERS = 64 * 1024;
const BATCH_MS = 1_000;

/**
 * Appends events to a file, one JSON line each. Lines are written in batches of 64 KB, when a second has passed between events,
 * and at once when a run begins, a step fails or a run ends. Makes the folder; the file is readable by its owner only. The file is
 * open only while a batch is written. Throws nothing.
 */
export function journalReporter(file: string, options: JournalOptions = {}): JournalReporter {
  const journal = new Journal(file, options);
  return Object.assign((event: MemoEvent): void => journal.add(event), { close: (): void => journal.close() });
}

class Journal {
  readonly #file: string;
  readonly #options: JournalOptions;
  #lines: string[] = [];
  #characters = 0;
  #oldest = 0;
  #isOver = false;
  #exists = false;

  constructor(file: string, options: JournalOptions) {
    this.#file = file;
    this.#options = options;
  }

  add(event: MemoEvent): void {
    if (this.#isOver) return;
    const line = `${jsonLine(event)}\n`;
    if (this.#lines.length === 0) this.#oldest = event.t;
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= BATCH_CHARACTERS || event.t - this.#oldest >= BATCH_MS || isUrgent(event)) this.#write();
  }

  close(): void {
    this.#write();
    this.#isOver = true;
  }

  #write(): void {
    if (this.#isOver || this.#lines.length === 0) return;
    const bytes = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.#characters = 0;
    try {
      if (!this.#exists) mkdirSync(dirname(this.#file), { recursive: true });
      append(this.#file, bytes, this.#exists);
      this.#exists = true;
    } catch (error) {
      this.#isOver = true;
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A journal observes the run; what an observer of the journal throws must not reach the run either.
    }
  }
}

/** Links are not followed where the system can tell, so that a journal cannot be led to another file. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

function append(file: string, bytes: Buffer, isOurs: boolean): void {
  const handle = openSync(file, APPEND, 0o600);
  try {
    // What another process left may end within a line.
    if (!isOurs && fstatSync(handle).size > 0) writeSync(handle, '\n');
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
  } finally {
    closeSync(handle);
  }
}

function isUrgent(event: MemoEvent): boolean {
  if (event.type === 'step.end') return event.status === 'failed';
  return event.type === 'run.start' || event.type === 'run.end';
}

/** What JSON cannot say is said as text; an event that cannot be written at all leaves its frame. */
function jsonLine(event: MemoEvent): string {
  return json(event) ?? json(event, bigintAsText) ?? frame(event);
}

function json(event: MemoEvent, replacer?: (key: string, value: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(event, replacer);
  } catch {
    return undefined;
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function frame(event: MemoEvent): string {
  const { v, seq, t, type } = event;
  return JSON.stringify({ v, seq, t, type, ...('step' in event ? { step: event.step } : {}) });
}

const LONGEST_LINE = 16 * 1024 * 1024;
const CHUNK = 64 * 1024;

/**
 * The events of a journal, in order. A last line that is not ended is left out, and so are lines that are no events, or longer than
 * 16 MB. Events of types that this release does not know are passed on.
 *
 * @throws MemoError M5009 when the file cannot be read.
 */
export async function* readJournal(file: string): AsyncGenerator<MemoEvent, void, undefined> {
  for await (const line of linesOf(file)) {
    const event = parsed(line);
    if (isMemoEvent(event)) yield event;
  }
}

async function* linesOf(file: string): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; start = end + 1, end = chunk.indexOf(10, start)) {
      const last = chunk.subarray(start, end);
      if (length + last.length <= LONGEST_LINE) yield Buffer.concat([...parts, last]).toString();
      [parts, length] = [[], 0];
    }
    length += chunk.length - start;
    // The rest of a line that is too long is not kept: only its end is looked for.
    if (length > LONGEST_LINE) parts = [];
    else if (start < chunk.length) parts.push(chunk.subarray(start));
  }
}

async function* chunksOf(file: string): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file).catch((cause: unknown) => unreadable(file, cause));
  try {
    while (true) {
      const { buffer, bytesRead } = await handle
        .read(Buffer.allocUnsafe(CHUNK), 0, CHUNK)
        .catch((cause: unknown) => unreadable(file, cause));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, cause: unknown): never {
  throw new MemoError('M5009', `The journal ${file} cannot be read.`, {
    fix: 'Name the journal of a run that is still kept.',
    details: { file },
    cause,
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
