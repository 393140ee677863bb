import type { IOManagerCapabilities } from '@memo/core/plugin';

/** What a driver can promise to memo. */
export type DriverCapabilities = Pick<IOManagerCapabilities, 'durable' | 'shared'>;

const THIS_MACHINE = /^fs(?:-lite)?$/;
const EVERYWHERE =
  /^(?:azure-(?:storage-blob|storage-table|cosmos)|cloudflare-(?:kv-binding|kv-http|r2-binding)|mongodb|netlify-blobs|planetscale|redis|s3|upstash|vercel-(?:blob|kv))$/;

/** What the driver of that name promises; a driver that is not known promises nothing. */
export function capabilitiesOf(driver = ''): DriverCapabilities {
  const shared = EVERYWHERE.test(driver);
  return { durable: shared || THIS_MACHINE.test(driver), shared };
}
