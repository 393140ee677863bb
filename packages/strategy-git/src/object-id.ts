import { hash } from 'node:crypto';

/** The hash that a repository names its objects by. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The id that git gives to bytes. */
export function blobId(bytes: Uint8Array, format: ObjectFormat): string {
  const length = HEAD_BYTES + bytes.length;
  const object = length <= page.length ? page : Buffer.allocUnsafe(length);
  const start = object.write(`blob ${bytes.length}\0`, 'latin1');
  object.set(bytes, start);
  return hash(format, object.subarray(0, start + bytes.length), 'hex');
}

/** More than the head of an object takes. */
const HEAD_BYTES = 32;

/** Where most objects are put together. */
const page = Buffer.allocUnsafeSlow(1 << 16);

/** The id of the pointer that Git LFS keeps in place of bytes. */
export function lfsPointerId(bytes: Uint8Array, format: ObjectFormat): string {
  const pointer = `${LFS_HEAD}\noid sha256:${hash('sha256', bytes, 'hex')}\nsize ${bytes.length}\n`;
  return blobId(Buffer.from(pointer), format);
}

const LFS_HEAD = 'version https://git-lfs.github.com/spec/v1';
const CRYPT_HEAD = '\0GITCRYPT\0';
const FIRST_BYTES: ReadonlySet<number | undefined> = new Set([LFS_HEAD.charCodeAt(0), CRYPT_HEAD.charCodeAt(0)]);

/** A file that stands for another content, which is not there. */
export type Placeholder = 'lfs-pointer' | 'encrypted';

/** Recognises files whose real content was not checked out. */
export function placeholderIn(bytes: Uint8Array): Placeholder | undefined {
  if (!FIRST_BYTES.has(bytes[0])) return undefined;
  const head = Buffer.from(bytes.subarray(0, LFS_HEAD.length)).toString('latin1');
  if (head === LFS_HEAD) return 'lfs-pointer';
  return head.startsWith(CRYPT_HEAD) ? 'encrypted' : undefined;
}
