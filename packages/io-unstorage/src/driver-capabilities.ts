import type { IOManagerCapabilities } from '@memo/core/plugin';

/** What a driver can promise to memo. */
export type DriverCapabilities = Pick<IOManagerCapabilities, 'durable' | 'shared'>;

const NOTHING: DriverCapabilities = { durable: false, shared: false };
const THIS_MACHINE: DriverCapabilities = { durable: true, shared: false };
const EVERYWHERE: DriverCapabilities = { durable: true, shared: true };

const DRIVERS: Readonly<Record<string, DriverCapabilities>> = {
  memory: NOTHING,
  'lru-cache': NOTHING,
  null: NOTHING,
  fs: THIS_MACHINE,
  'fs-lite': THIS_MACHINE,
  'azure-storage-blob': EVERYWHERE,
  'azure-storage-table': EVERYWHERE,
  'azure-cosmos': EVERYWHERE,
  'cloudflare-kv-binding': EVERYWHERE,
  'cloudflare-kv-http': EVERYWHERE,
  'cloudflare-r2-binding': EVERYWHERE,
  mongodb: EVERYWHERE,
  'netlify-blobs': EVERYWHERE,
  planetscale: EVERYWHERE,
  redis: EVERYWHERE,
  s3: EVERYWHERE,
  upstash: EVERYWHERE,
  'vercel-blob': EVERYWHERE,
  'vercel-kv': EVERYWHERE,
};

/** What the driver of that name promises; a driver that is not known promises nothing. */
export function capabilitiesOf(driver: string | undefined): DriverCapabilities {
  return driver !== undefined && Object.hasOwn(DRIVERS, driver) ? (DRIVERS[driver] ?? NOTHING) : NOTHING;
}
