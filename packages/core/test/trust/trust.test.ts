import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newSigningKey } from '../../src/trust/signing-keys.ts';
import { SIGNATURE_BYTES, type SignedSubject, trust } from '../../src/trust/trust.ts';

const DAY = 86_400_000;
const alice = newSigningKey();
const mallory = newSigningKey();
const subject: SignedSubject = { kind: 'value', key: 'outputs/a/b/c/1', digest: new Uint8Array(32).fill(7) };

test('what somebody on the list has signed counts, and one own signature without being named', () => {
  const signature = trust({ accept: [], sign: alice.privateKey }).sign(subject);
  expect(signature).toHaveLength(SIGNATURE_BYTES);
  expect(trust({ accept: [alice.publicKey] }).verify(subject, signature)).toBe('trusted');
  expect(trust({ accept: [], sign: alice.privateKey }).verify(subject, signature)).toBe('trusted');
});

test('what others have signed, or nobody, does not count', () => {
  const reader = trust({ accept: [alice.publicKey] });
  expect(reader.verify(subject, trust({ accept: [], sign: mallory.privateKey }).sign(subject))).toBe('foreign');
  expect(reader.verify(subject, undefined)).toBe('unsigned');
  expect(reader.verify(subject, new Uint8Array(3))).toBe('unsigned');
  expect(reader.verify(subject, new Uint8Array(SIGNATURE_BYTES))).toBe('foreign');
});

test('a signature fits nothing but what was signed', () => {
  const writer = trust({ accept: [], sign: alice.privateKey });
  const subjects = fc.record({
    kind: fc.constantFrom('value', 'document', 'segment', 'index'),
    key: fc.string({ maxLength: 12 }),
    digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });
  fc.assert(
    fc.property(subjects, subjects, (one, other) => {
      const same = one.kind === other.kind && one.key === other.key && Buffer.from(one.digest).equals(other.digest);
      expect(writer.verify(other, writer.sign(one))).toBe(same ? 'trusted' : 'foreign');
      expect(writer.verify(one, writer.sign(one))).toBe('trusted');
    }),
    { numRuns: 50 },
  );
});

test('a key and a name that run together are told apart', () => {
  const writer = trust({ accept: [], sign: alice.privateKey });
  const signature = writer.sign({ ...subject, key: 'a 1' });
  expect(writer.verify({ ...subject, key: 'a' }, signature)).toBe('foreign');
});

test('no bit of a signature can be changed, its expiry included', () => {
  const writer = trust({ accept: [], sign: alice.privateKey, validFor: DAY });
  const signature = writer.sign(subject);
  fc.assert(
    fc.property(fc.nat(SIGNATURE_BYTES - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(signature);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      expect(writer.verify(subject, changed)).toBe('foreign');
    }),
    { numRuns: 60 },
  );
});

describe('time', () => {
  test('ends what was signed for some time only', () => {
    let now = 1_000;
    const writer = trust({ accept: [], sign: alice.privateKey, validFor: DAY, now: () => now });
    const signature = writer.sign(subject);
    now += DAY - 1;
    expect(writer.verify(subject, signature)).toBe('trusted');
    now += 1;
    expect(writer.verify(subject, signature)).toBe('expired');
  });

  test('ends everything of a key that is accepted until a day, whenever it says that it was signed', () => {
    const signature = trust({ accept: [], sign: alice.privateKey, now: () => 0 }).sign(subject);
    const reader = (now: string) =>
      trust({ accept: [{ key: alice.publicKey, until: '2030-01-01' }], now: () => Date.parse(now) });
    expect(reader('2029-12-31').verify(subject, signature)).toBe('trusted');
    expect(reader('2030-01-02').verify(subject, signature)).toBe('expired');
  });
});

describe('keys', () => {
  test('may be PEM', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const signature = trust({ accept: [], sign: privateKey }).sign(subject);
    expect(trust({ accept: [pem] }).verify(subject, signature)).toBe('trusted');
  });

  test('of other kinds, and what is no key, are refused without being shown', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const wrong = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const sign of [wrong, 'secret words', rsa.privateKey]) {
      expect(() => trust({ accept: [], sign })).toThrow(/^sign takes a private ed25519 key as PEM/);
    }
    for (const key of [
      '',
      'ed25519:',
      'ed25519:AAAA',
      rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ]) {
      expect(() => trust({ accept: [key] })).toThrow(/^Not a public ed25519 key/);
    }
    expect(() => trust({ accept: [{ key: alice.publicKey, until: 'soon' }] })).toThrow(TypeError);
    expect(() => trust({ accept: [], validFor: 0 })).toThrow(TypeError);
    expect(() => trust({ accept: [alice.publicKey] }).sign(subject)).toThrow('no key to sign with');
  });
});
