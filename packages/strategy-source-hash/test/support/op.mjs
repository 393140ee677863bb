// Captures where an op is defined as core does, for programs that have nothing installed.
import { fileURLToPath } from 'node:url';

const loadedPath = (name) =>
  name?.startsWith('file:') ? fileURLToPath(name.replace(/[?#].*$/, '')) : name?.startsWith('/') ? name : undefined;
export function op(name, run) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const mapped = {},
    raw = {};
  Error.captureStackTrace(mapped, op);
  Error.captureStackTrace(raw, op);
  Error.stackTraceLimit = limit;
  const stack = mapped.stack;
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = raw.stack;
  Error.prepareStackTrace = prepare;
  const frames = sites.flatMap((site) => {
    const file = loadedPath(site.getFileName());
    return file === undefined
      ? []
      : [
          {
            file,
            line: site.getLineNumber(),
            column: site.getColumnNumber(),
            functionName: site.getFunctionName() ?? undefined,
          },
        ];
  });
  return { kind: 'op', namespace: 'test', name, run, declared: undefined, definition: { frames, stack, definedAt: 0 } };
}
