/**
 * What a function gives for each item, one after the other: a list, or a promise of it where one of them is a promise. Stores that answer at once
 * make none, and waiting for none of them keeps small steps cheap.
 */
export function inTurn<Item>(
  items: readonly Item[],
  visit: (item: Item, at: number) => unknown,
): unknown[] | Promise<unknown[]> {
  const given: unknown[] = [];
  for (let at = 0; at < items.length; at++) {
    const one = visit(items[at] as Item, at);
    if (one instanceof Promise) return goOn(items, visit, { given, one });
    given.push(one);
  }
  return given;
}

async function goOn<Item>(
  items: readonly Item[],
  visit: (item: Item, at: number) => unknown,
  { given, one }: { readonly given: unknown[]; readonly one: Promise<unknown> },
): Promise<unknown[]> {
  given.push(await one);
  for (let at = given.length; at < items.length; at++) given.push(await visit(items[at] as Item, at));
  return given;
}

/** Goes on with something, or with what a promise of it gives. */
export function onceThere<From, To>(from: From | Promise<From>, goOn: (from: From) => To): To | Promise<Awaited<To>> {
  return from instanceof Promise ? (from.then(goOn) as Promise<Awaited<To>>) : goOn(from);
}

/** True for what `await` waits for: functions can have a `then` too. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  const canHaveThen = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return canHaveThen && typeof (value as { then?: unknown }).then === 'function';
}
