import { ALIASING } from './cases/aliasing.ts';
import { BULK } from './cases/bulk.ts';
import { CANCELLATION } from './cases/cancellation.ts';
import { CORRUPTION } from './cases/corruption.ts';
import { DELETION } from './cases/deletion.ts';
import { DIGESTS } from './cases/digests.ts';
import { DURABILITY } from './cases/durability.ts';
import { FAILED_WRITE } from './cases/failed-write.ts';
import { FULL_STORE } from './cases/full-store.ts';
import { ISOLATION } from './cases/isolation.ts';
import { LEASES } from './cases/leases.ts';
import { LISTING } from './cases/listing.ts';
import { PRESENCE } from './cases/presence.ts';
import { PROCESSES } from './cases/processes.ts';
import { PUBLISHING } from './cases/publishing.ts';
import { RECORDS } from './cases/records.ts';
import { ROUND_TRIP } from './cases/round-trip.ts';
import { SHARING } from './cases/sharing.ts';
import { SIZE_LIMIT } from './cases/size-limit.ts';
import { STREAMS } from './cases/streams.ts';
import { WARNINGS } from './cases/warnings.ts';
import type { IOManagerCase } from './io-manager-case.ts';

/** Every promise of IO managers, area by area. */
export const IO_MANAGER_CASES: readonly IOManagerCase[] = [
  ...PRESENCE,
  ...ROUND_TRIP,
  ...ISOLATION,
  ...PUBLISHING,
  ...FAILED_WRITE,
  ...FULL_STORE,
  ...ALIASING,
  ...CANCELLATION,
  ...DURABILITY,
  ...PROCESSES,
  ...SHARING,
  ...CORRUPTION,
  ...SIZE_LIMIT,
  ...DIGESTS,
  ...STREAMS,
  ...RECORDS,
  ...LEASES,
  ...BULK,
  ...LISTING,
  ...DELETION,
  ...WARNINGS,
];
