import { type FileSystem, nodeFiles } from '@memo/io-fs';

/** The file system of the machine, on which so many bytes can be written before the disk is full. */
export function diskWithRoom(room: number): FileSystem {
  let left = room;
  const take = (length: number): number => {
    if (left === 0 && length > 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const taken = Math.min(left, length);
    left -= taken;
    return taken;
  };
  return {
    ...nodeFiles,
    writeSync: (descriptor, bytes, offset, length) => nodeFiles.writeSync(descriptor, bytes, offset, take(length)),
    async open(path, flags) {
      const file = await nodeFiles.open(path, flags);
      return {
        read: (into, offset, length, position) => file.read(into, offset, length, position),
        write: async (bytes, offset, length) => file.write(bytes, offset, take(length)),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
  };
}
