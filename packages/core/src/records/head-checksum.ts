import { HEAD_BYTES, OFFSET } from './segment-format.ts';

/** True for a head whose checksum fits. */
export function isWholeHead(bytes: DataView, offset: number): boolean {
  return headChecksum(bytes, offset) === bytes.getInt32(offset + OFFSET.headCrc, true);
}

/**
 * The CRC-32 of a head without the checksum itself, as a signed number. Opening a store computes that of every head, and each is short: a
 * call of `zlib` would cost three times as much.
 */
export function headChecksum(bytes: DataView, offset: number): number {
  const end = offset + HEAD_BYTES;
  let crc = -1;
  // Four bytes at a time; a head without its checksum is 39 times four bytes long.
  for (let at = offset + OFFSET.payloadLength; at < end; at += 4) {
    crc ^= bytes.getInt32(at, true);
    crc =
      (TABLE[768 + (crc & 255)] as number) ^
      (TABLE[512 + ((crc >>> 8) & 255)] as number) ^
      (TABLE[256 + ((crc >>> 16) & 255)] as number) ^
      (TABLE[crc >>> 24] as number);
  }
  return crc ^ -1;
}

const POLYNOMIAL = 0xedb88320;

/** What a byte does to a CRC-32 when none, one, two or three more follow it. */
const TABLE = tables();

function tables(): Int32Array {
  const table = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256] as number;
    table[at] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}
