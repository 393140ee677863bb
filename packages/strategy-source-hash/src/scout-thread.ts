// What the threads of facts-scouts.ts run.
import { workerData } from 'node:worker_threads';
import type { ScoutErrand } from './facts-scouts.ts';
import { scout } from './scout.ts';

scout(workerData as ScoutErrand);
