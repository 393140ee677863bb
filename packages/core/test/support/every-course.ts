import { quiet } from './schedule.ts';

/** Something that goes on beside others: a run, a prune, a fault. It stops at each call of `turn` until it is its turn. */
export interface Actor {
  readonly act: (turn: (what: string) => Promise<void>) => Promise<void>;
}

/** A course of things that was tried. */
export interface Course {
  /** How many times another actor went on although the last one could. */
  readonly switches: number;
  /** Who did what, in order. */
  readonly told: readonly string[];
}

/**
 * Tries every course that some actors can take in which another one than the last goes on at most `switches` times while that could: a depth-first
 * search that starts anew for each course, so that nothing has to be undone.
 *
 * @param begin makes the actors anew, over a new world, and says what must hold when all have ended.
 * @returns how many courses there were.
 */
export async function everyCourse(
  switches: number,
  begin: () => { readonly actors: readonly Actor[]; readonly check: () => Promise<void> },
): Promise<number> {
  let tried = 0;
  for (let path: readonly number[] | undefined = []; path !== undefined; tried++) {
    const { actors, check } = begin();
    const stage = new Stage(path, switches);
    await stage.play(actors);
    try {
      await check();
    } catch (cause) {
      throw new Error(`course ${JSON.stringify(stage.taken)}:\n${stage.told.join('\n')}`, { cause });
    }
    path = stage.nextPath();
  }
  return tried;
}

interface Waiting {
  readonly what: string;
  readonly goOn: () => void;
}

/** One course: follows a path of choices as far as it goes, then lets whoever acted last go on. */
class Stage {
  readonly told: string[] = [];
  readonly #path: readonly number[];
  readonly #choices: { readonly chosen: number; readonly options: number }[] = [];
  readonly #waiting: Waiting[][] = [];
  #left: number;
  #last = 0;
  #isOver = false;

  constructor(path: readonly number[], switches: number) {
    this.#path = path;
    this.#left = switches;
  }

  get taken(): readonly number[] {
    return this.#choices.map(({ chosen }) => chosen);
  }

  async play(actors: readonly Actor[]): Promise<void> {
    let acting = actors.length;
    const ended = actors.map(async ({ act }, actor) => {
      this.#waiting.push([]);
      await this.#turn(actor, 'begin');
      await act((what) => this.#turn(actor, what)).finally(() => acting--);
    });
    const all = Promise.all(ended);
    all.catch(() => undefined);
    for (await quiet(); acting > 0; await quiet()) {
      if (!this.#next()) break;
    }
    if (acting > 0 && this.#waiting.every((queue) => queue.length === 0))
      throw new Error(`hangs:\n${this.told.join('\n')}`);
    this.#isOver = true;
    await all;
  }

  /** The choices of the next course; `undefined` after the last one. */
  nextPath(): readonly number[] | undefined {
    const { taken } = this;
    for (let at = taken.length - 1; at >= 0; at--) {
      const { chosen, options } = this.#choices[at] as { chosen: number; options: number };
      if (chosen + 1 < options) return [...taken.slice(0, at), chosen + 1];
    }
    return undefined;
  }

  #turn(actor: number, what: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((goOn) => {
      this.#waiting[actor]?.push({ what, goOn });
    });
  }

  #next(): boolean {
    const able = this.#waiting.flatMap((queue, actor) => (queue.length === 0 ? [] : [actor]));
    if (able.length === 0) return false;
    const goesOn = able.includes(this.#last);
    const options = goesOn ? [this.#last, ...able.filter((actor) => actor !== this.#last)] : able;
    const most = goesOn && this.#left === 0 ? 1 : options.length;
    const chosen = this.#path[this.#choices.length] ?? 0;
    if (chosen >= most) throw new Error(`does not go the same way twice:\n${this.told.join('\n')}`);
    this.#choices.push({ chosen, options: most });
    if (goesOn && chosen > 0) this.#left--;
    this.#last = options[chosen] as number;
    const { what, goOn } = (this.#waiting[this.#last] as Waiting[]).shift() as Waiting;
    this.told.push(`${this.#last}: ${what}`);
    goOn();
    return true;
  }
}
