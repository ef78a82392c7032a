/**
 * Yields the results of `work` in the order of the items, with up to `window` calls running at a time. If `work` fails
 * for an item, throws after the results of all earlier items; calls that are already running are not cancelled.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  window: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Array<Promise<Result>> = [];
  for await (const item of items) {
    const result = work(item);
    // The caller may stop before this item, and Node ends the process on an unhandled rejection.
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
