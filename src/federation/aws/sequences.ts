/**
 * Yields the results of `work` in the order of the items, with up to `window` running at a time.
 * Throws a failure when its turn comes; later work that is already running is not cancelled.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  window: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Array<Promise<Result>> = [];
  for await (const item of items) {
    const result = work(item);
    // Its turn may never come, and Node ends the process on an unhandled rejection.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= window) yield await (underWay.shift() as Promise<Result>);
  }
  for (const result of underWay) yield await result;
}

/** Returns the items of all pages. */
export async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  return (await Array.fromAsync(pages)).flat();
}
