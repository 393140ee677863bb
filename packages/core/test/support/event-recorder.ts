import type { MemoEvent, Reporter } from '@memo/core';
import { runLog } from '../../src/events/run-log.ts';

type EventOf<T extends MemoEvent['type']> = Extract<MemoEvent, { readonly type: T }>;

/** Keeps the events of the runs that report to it. */
export class EventRecorder {
  readonly events: MemoEvent[] = [];
  readonly reporter: Reporter = (event) => {
    this.events.push(event);
  };

  /** `load reuse`, `fit run`, `report skip`, … in the order in which it happened. */
  get log(): readonly string[] {
    return runLog(this.events);
  }

  of<T extends MemoEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  clear(): void {
    this.events.length = 0;
  }
}
