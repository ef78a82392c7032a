/**
 * The results of `work` for each item, in the order of the items, with up to `window` of them under way at once.
 * A failure surfaces where its turn comes; what is under way behind it is left to end by itself.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  window: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Array<Promise<Result>> = [];
  for await (const item of items) {
    const result = work(item);
    // Its turn may never come; Node would end the process over a rejection that nobody looks at.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= window) yield await (underWay.shift() as Promise<Result>);
  }
  for (const result of underWay) yield await result;
}

/** The items of all the pages. */
export async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  return (await Array.fromAsync(pages)).flat();
}
