import type { Change, MemoEvent, Reason } from '@memo/core/inspect';

/** An event without anything that the data of a pipeline could be read from: config, literals, what was logged, and what errors say. */
export function withoutValues<E extends MemoEvent>(event: E): E {
  return stripped(event) as E;
}

function stripped(event: MemoEvent): MemoEvent {
  switch (event.type) {
    case 'run.start': {
      const { config: _, ...rest } = event;
      return rest;
    }
    case 'plan':
      return { ...event, steps: event.steps.map((step) => ({ ...step, reasons: step.reasons.map(bareReason) })) };
    case 'step.start':
      return { ...event, reasons: event.reasons.map(bareReason) };
    case 'step.log':
      return { v: event.v, seq: event.seq, t: event.t, type: 'step.log', level: event.level, message: '' };
    case 'step.end': {
      const { error, reasons, ...rest } = event;
      const shown = error === undefined ? {} : { error: { name: error.name, message: error.code ?? error.name } };
      return { ...rest, ...shown, ...(reasons === undefined ? {} : { reasons: reasons.map(bareReason) }) };
    }
    default:
      return event;
  }
}

function bareReason(reason: Reason): Reason {
  return reason.code === 'changed' ? { ...reason, changes: reason.changes.map(bareChange) } : reason;
}

function bareChange(change: Change): Change {
  switch (change.kind) {
    case 'config':
      return { kind: 'config', path: change.path };
    case 'literal':
      return { kind: 'literal', input: change.input, path: change.path };
    case 'salt':
      return { kind: 'salt' };
    case 'code':
      return { ...change, changes: change.changes.map(({ before: _, after: __, ...rest }) => rest) };
    case 'resource':
      return { ...change, changes: change.changes.map(bareChange) };
    default:
      return change;
  }
}
