import { MemoError, messageOf, type OutputContext } from '@memo/core/plugin';

const CREDENTIALS = /\/\/[^/@\s]*@/g;

export function notFound(context: OutputContext): MemoError {
  return new MemoError('M5004', `${context.step}.${context.output} is not in the store`, { details: placeOf(context) });
}

export function damaged(context: OutputContext, because: string): MemoError {
  return new MemoError('M5003', `${context.step}.${context.output} is damaged in the store`, {
    because,
    details: placeOf(context),
  });
}

export function readOnly(context: OutputContext, name: string): MemoError {
  return new MemoError('M5006', `${name} did not keep ${context.step}.${context.output}`, {
    because: 'the driver is read-only, or drops what it is given',
    details: placeOf(context),
  });
}

/** The error for whatever a driver threw. Credentials in URLs are left out. */
export function unavailable(name: string, doing: string, thrown: unknown): MemoError {
  return new MemoError('M5002', `${name} could not ${doing} an output`, {
    because: messageOf(thrown).replace(CREDENTIALS, '//***@'),
  });
}

function placeOf({ job, step, output }: OutputContext): Record<string, unknown> {
  return { job, step, output };
}
