import { MemoError, messageOf } from '@memo/core/plugin';

const CREDENTIALS = /\/\/[^/@\s]*@/g;

/** The M5006 for a driver that did not keep what it was given. */
export function keepsNothing(name: string, key: string): MemoError {
  return new MemoError('M5006', `${name} did not keep an output`, {
    because: 'the driver is read-only, or drops what it is given',
    details: { path: key },
  });
}

/** The error for whatever a driver threw. Credentials in URLs are left out. */
export function unavailable(name: string, doing: string, thrown: unknown): MemoError {
  return new MemoError('M5002', `${name} could not ${doing} an output`, {
    because: messageOf(thrown).replace(CREDENTIALS, '//***@'),
  });
}
