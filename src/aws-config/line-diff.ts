/** Where two texts differ, line by line, in time near proportional to their length. */

/** Lines `[start, end)` of the one text that stand where `[start, end)` of the other stood. */
export interface ChangedLines {
  readonly gone: readonly [start: number, end: number];
  readonly come: readonly [start: number, end: number];
}

/** Lines with their line breaks, so that a missing last one counts. */
export function linesWithBreaks(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * Patience diff: equal ends are cut off, lines that occur once in both are anchors, and so on between them. What has no
 * anchor is replaced as a whole. Section headers are such lines.
 */
export function changedLines(before: readonly string[], after: readonly string[]): ChangedLines[] {
  const changes: ChangedLines[] = [];
  const open: Array<readonly [number, number, number, number]> = [
    [0, before.length, 0, after.length],
  ];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [from, to, start, end] = withoutEqualEnds(before, after, range);
    if (from === to && start === end) continue;
    const anchors =
      from === to || start === end ? [] : anchorsOf(before, after, [from, to, start, end]);
    if (anchors.length === 0) changes.push({ gone: [from, to], come: [start, end] });
    else for (const part of between(anchors, [from, to, start, end])) open.push(part);
  }
  return changes.sort((a, b) => a.gone[0] - b.gone[0] || a.come[0] - b.come[0]);
}

type Range = readonly [from: number, to: number, start: number, end: number];

function withoutEqualEnds(
  before: readonly string[],
  after: readonly string[],
  range: Range,
): Range {
  let [from, to, start, end] = range;
  while (from < to && start < end && before[from] === after[start]) {
    from += 1;
    start += 1;
  }
  while (from < to && start < end && before[to - 1] === after[end - 1]) {
    to -= 1;
    end -= 1;
  }
  return [from, to, start, end];
}

/** Lines that stand once in both, in an order that both have: the longest such row. */
function anchorsOf(
  before: readonly string[],
  after: readonly string[],
  [from, to, start, end]: Range,
): Array<readonly [number, number]> {
  const old = onceIn(before, from, to);
  const fresh = onceIn(after, start, end);
  const pairs = [...old].flatMap(([line, at]) => {
    const there = fresh.get(line);
    return at === -1 || there === undefined || there === -1 ? [] : [[at, there] as const];
  });
  return longestRising(pairs);
}

/** Line → its place; -1 where it stands there more than once. */
function onceIn(lines: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let index = from; index < to; index += 1) {
    const line = lines[index] ?? "";
    places.set(line, places.has(line) ? -1 : index);
  }
  return places;
}

/** Patience sorting: the pairs come in the order of the first number, and leave in the order of both. */
function longestRising(
  pairs: ReadonlyArray<readonly [number, number]>,
): Array<readonly [number, number]> {
  const tops: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([, there], index) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < there) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = index;
  });
  const row: Array<readonly [number, number]> = [];
  for (let at = tops.at(-1) ?? -1; at !== -1; at = previous[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) row.push(pair);
  }
  return row.reverse();
}

function between(
  anchors: ReadonlyArray<readonly [number, number]>,
  [from, to, start, end]: Range,
): Range[] {
  const ends = [...anchors, [to, end] as const];
  return ends.map(([old, fresh], index) => {
    const [above, below] = anchors[index - 1] ?? [from - 1, start - 1];
    return [above + 1, old, below + 1, fresh];
  });
}
