import type { Json } from '../definitions/version-strategy.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { Log } from '../io/io-contexts.ts';

/** A log whose lines become events; silent where there is no stream, as while planning. */
export function logFor(
  events: EventStream | undefined,
  owner: { readonly step?: string; readonly resource?: string },
): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', message: string, data: object | undefined): void => {
    const shown = data === undefined ? {} : { data: data as Json };
    events?.emit({ type: 'step.log', ...owner, level, message: String(message), ...shown });
  };
  return {
    debug: (message, data) => write('debug', message, data),
    info: (message, data) => write('info', message, data),
    warn: (message, data) => write('warn', message, data),
    error: (message, data) => write('error', message, data),
  };
}
