import type { CodeChange } from '../definitions/version-strategy.ts';
import type { Change, Reason } from '../plan/reason.ts';
import type { EventBody } from './memo-event.ts';

/**
 * An event without the source texts of what changed: events are kept, printed and sent, and say for each step what changed and where. The plan has
 * the texts.
 */
export function withoutTexts(event: EventBody): EventBody {
  switch (event.type) {
    case 'plan':
      return { ...event, steps: event.steps.map((step) => ({ ...step, reasons: bare(step.reasons) })) };
    case 'step.start':
      return { ...event, reasons: bare(event.reasons) };
    case 'step.end':
      return event.reasons === undefined ? event : { ...event, reasons: bare(event.reasons) };
    default:
      return event;
  }
}

function bare(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.map((reason) =>
    reason.code === 'changed' ? { ...reason, changes: reason.changes.map(bareChange) } : reason,
  );
}

function bareChange(change: Change): Change {
  if (change.kind === 'code') return { ...change, changes: change.changes.map(barePart) };
  return change.kind === 'resource' ? { ...change, changes: change.changes.map(bareChange) } : change;
}

function barePart(part: CodeChange): CodeChange {
  if (!isSource(part.before) && !isSource(part.after)) return part;
  const { before: _before, after: _after, ...rest } = part;
  return rest;
}

/** Anything but a version, a digest or a name. */
function isSource(text: string | undefined): boolean {
  return text !== undefined && (text.length > LONGEST_NAME || /[\n(){};=]/.test(text));
}

const LONGEST_NAME = 200;
