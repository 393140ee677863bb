import { hash } from 'node:crypto';

/** The hash that a repository names its objects by. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The id that git gives to bytes. */
export function blobId(bytes: Uint8Array, format: ObjectFormat): string {
  return hash(format, Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]), 'hex');
}

/** The id of the pointer that Git LFS keeps in place of bytes. */
export function lfsPointerId(bytes: Uint8Array, format: ObjectFormat): string {
  const pointer = `${LFS_HEAD}\noid sha256:${hash('sha256', bytes, 'hex')}\nsize ${bytes.length}\n`;
  return blobId(Buffer.from(pointer), format);
}

const LFS_HEAD = 'version https://git-lfs.github.com/spec/v1';
const CRYPT_HEAD = '\0GITCRYPT\0';

/** A file that stands for another content, which is not there. */
export type Placeholder = 'lfs-pointer' | 'encrypted';

/** Recognises files whose real content was not checked out. */
export function placeholderIn(bytes: Uint8Array): Placeholder | undefined {
  const head = Buffer.from(bytes.subarray(0, LFS_HEAD.length)).toString('latin1');
  if (head === LFS_HEAD) return 'lfs-pointer';
  return head.startsWith(CRYPT_HEAD) ? 'encrypted' : undefined;
}
