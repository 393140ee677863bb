import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A new pair of keys, for one writer. */
export interface SigningKey {
  /** PEM. Secret: who has it can write what others accept. */
  readonly privateKey: string;
  /** `ed25519:…`, for the accept lists of others. */
  readonly publicKey: string;
}

/** Makes an ed25519 key for signing what is stored. */
export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: PUBLIC_KEY_SCHEME + rawPublicKey(publicKey).toString('base64url'),
  };
}

/** Reads a PEM. Throws a `TypeError` that never shows what it was given. */
export function readPrivateKey(pem: string | KeyObject): KeyObject {
  const key = typeof pem === 'string' ? parsed(() => createPrivateKey(pem)) : pem;
  if (key?.type !== 'private' || key.asymmetricKeyType !== 'ed25519')
    throw new TypeError('sign takes a private ed25519 key as PEM, as newSigningKey() makes it.');
  return key;
}

/** The 32 bytes of a public key: `ed25519:…` or PEM. Throws a `TypeError` for everything else. */
export function readPublicKey(text: string): Buffer {
  if (text.startsWith(PUBLIC_KEY_SCHEME)) {
    const raw = Buffer.from(text.slice(PUBLIC_KEY_SCHEME.length), 'base64url');
    if (raw.length === RAW_KEY_BYTES) return raw;
  } else {
    const key = parsed(() => createPublicKey(text));
    if (key?.asymmetricKeyType === 'ed25519') return rawPublicKey(key);
  }
  throw new TypeError(`Not a public ed25519 key: ${JSON.stringify(text.slice(0, SHOWN))}`);
}

/** The 32 bytes of the public half of a key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return Buffer.from(spki.subarray(-RAW_KEY_BYTES));
}

/** The key of 32 bytes. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), type: 'spki', format: 'der' });
}

function parsed(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const PUBLIC_KEY_SCHEME = 'ed25519:';
const RAW_KEY_BYTES = 32;
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const SHOWN = 20;
