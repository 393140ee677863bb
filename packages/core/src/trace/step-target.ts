import { captureSite, placeOf } from '../definitions/definition-site.ts';
import type { Target } from '../definitions/reference.ts';
import type { Place } from '../errors/memo-error.ts';

/** A build, as what it made knows it. */
export interface TargetOwner {
  /** The id of the step that was made so manieth. */
  idOf(step: number): string;
}

/** What a reference stands for: an output of a step, or a step as a whole. */
export class StepTarget implements Target {
  readonly owner: TargetOwner;
  readonly step: number;
  readonly output: string | undefined;

  constructor(owner: TargetOwner, step: number, output: string | undefined) {
    this.owner = owner;
    this.step = step;
    this.output = output;
  }

  get stepId(): string {
    return this.owner.idOf(this.step);
  }

  locate(): Place | undefined {
    return placeOf(captureSite(this.locate));
  }
}
