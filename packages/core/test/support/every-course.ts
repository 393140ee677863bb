import { Footprint, type Ground } from './footprint.ts';
import { quiet } from './schedule.ts';

/** Something that goes on beside others: a run, a prune, a fault. It stops at each call of `turn` until it is its turn. */
export interface Actor {
  readonly act: (turn: (what: string) => Promise<void>) => Promise<void>;
}

/** Actors over a new world. */
export interface Beginning {
  readonly actors: readonly Actor[];
  /** Is told what actors read and write of what they share. Default: every step of one may make a difference to every other. */
  readonly ground?: Ground;
  /** What must hold when all have ended. */
  readonly check: () => Promise<void>;
}

/** How many courses there were. */
export interface Tried {
  readonly whole: number;
  /** Those that were given up where it showed that they end as others do. */
  readonly leftOut: number;
}

/**
 * Tries the courses that some actors can take in which another one than the last goes on at most `switches` times while that could: a depth-first
 * search that starts anew for each course, so that nothing has to be undone.
 *
 * Where an actor is interrupted before a step that meets nothing of what others do until it goes on, the course ends as the one in which it is
 * interrupted behind that step, which has as many switches and is tried before. So it is left out.
 *
 * @returns how many courses there were.
 */
export async function everyCourse(switches: number, begin: () => Beginning): Promise<Tried> {
  const choices: Choice[] = [];
  let [whole, leftOut] = [0, 0];
  do {
    const { actors, ground, check } = begin();
    const stage = new Stage(choices, { left: switches, ground });
    if ((await stage.play(actors)) === 'left out') {
      leftOut++;
      continue;
    }
    whole++;
    try {
      await check();
    } catch (cause) {
      throw new Error(`course ${JSON.stringify(stage.taken)}:\n${stage.told.join('\n')}`, { cause });
    }
  } while (another(choices));
  return { whole, leftOut };
}

/** A place in a course where one of several actors goes on. */
interface Choice {
  chosen: number;
  readonly options: number;
  /** What the actor did that acted last, where that went on. */
  onward: Footprint | undefined;
}

/** Goes on to the next course; false after the last one. */
function another(choices: Choice[]): boolean {
  for (let last = choices.at(-1); last !== undefined; last = choices.at(-1)) {
    if (++last.chosen < last.options) return true;
    choices.pop();
  }
  return false;
}

interface Waiting {
  readonly what: string;
  readonly goOn: () => void;
}

/** One course: follows the choices that were made as far as they go, then lets whoever acted last go on. */
class Stage {
  readonly told: string[] = [];
  readonly #choices: Choice[];
  readonly #ground: Ground | undefined;
  readonly #waiting: Waiting[][] = [];
  /** Actors that were interrupted, with what they would have done, while nothing was done that this meets. */
  readonly #asleep = new Map<number, Footprint>();
  #depth = 0;
  #left: number;
  #last = 0;
  #isOver = false;

  constructor(choices: Choice[], { left, ground }: { readonly left: number; readonly ground: Ground | undefined }) {
    this.#choices = choices;
    this.#left = left;
    this.#ground = ground;
  }

  get taken(): readonly number[] {
    return this.#choices.map(({ chosen }) => chosen);
  }

  async play(actors: readonly Actor[]): Promise<'ended' | 'left out'> {
    let acting = actors.length;
    const ended = actors.map(async ({ act }, actor) => {
      this.#waiting.push([]);
      await this.#turn(actor, 'begin');
      await act((what) => this.#turn(actor, what)).finally(() => acting--);
    });
    const all = Promise.all(ended);
    all.catch(() => undefined);
    for (await quiet(); acting > 0; await quiet()) {
      this.#wake();
      const able = this.#waiting.flatMap((queue, actor) => (queue.length === 0 ? [] : [actor]));
      if (able.length === 0) throw new Error(`hangs:\n${this.told.join('\n')}`);
      const awake = able.filter((actor) => !this.#asleep.has(actor));
      if (awake.length === 0) return 'left out';
      this.#goOn(awake);
    }
    this.#isOver = true;
    await all;
    return 'ended';
  }

  #turn(actor: number, what: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((goOn) => {
      this.#waiting[actor]?.push({ what, goOn });
    });
  }

  /** Takes in what was done since the last choice. */
  #wake(): void {
    const before = this.#choices[this.#depth - 1];
    const done = this.#ground?.footprint;
    if (before === undefined || done === undefined) return;
    if (before.chosen === 0) before.onward ??= done;
    for (const [actor, wanted] of this.#asleep) if (wanted.meets(done)) this.#asleep.delete(actor);
  }

  #goOn(able: readonly number[]): void {
    const goesOn = able.includes(this.#last);
    const options = goesOn ? [this.#last, ...able.filter((actor) => actor !== this.#last)] : able;
    const most = goesOn && this.#left === 0 ? 1 : options.length;
    const choice = this.#choices[this.#depth] ?? { chosen: 0, options: most, onward: undefined };
    if (choice.options !== most) throw new Error(`does not go the same way twice:\n${this.told.join('\n')}`);
    this.#choices[this.#depth++] = choice;
    if (goesOn && choice.chosen > 0) {
      this.#left--;
      if (choice.onward !== undefined) this.#asleep.set(this.#last, choice.onward);
    }
    this.#last = options[choice.chosen] as number;
    const { what, goOn } = (this.#waiting[this.#last] as Waiting[]).shift() as Waiting;
    this.told.push(`${this.#last}: ${what}`);
    if (this.#ground !== undefined) this.#ground.footprint = new Footprint();
    goOn();
  }
}
