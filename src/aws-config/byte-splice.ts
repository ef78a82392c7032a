/** How one version of a file becomes another: bytes that stand in place of `[start, end)`; all others are the same. */
export interface ByteSplice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The shortest stretch that turns `before` into `after`. */
export function findSplice(before: Uint8Array, after: Uint8Array): ByteSplice {
  const start = countEqualAtStart(before, after);
  const tail = countEqualAtEnd(before, after, Math.min(before.length, after.length) - start);
  return { start, end: before.length - tail, bytes: after.subarray(start, after.length - tail) };
}

/** @param splices in the order of the file; none reaches into another. */
export function applyByteSplices(before: Uint8Array, splices: readonly ByteSplice[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, bytes } of splices) {
    parts.push(before.subarray(from, start), bytes);
    from = end;
  }
  return Buffer.concat([...parts, before.subarray(from)]);
}

/** How many bytes two files have in common at their start: halving, since a whole stretch is compared fastest. */
export function countEqualAtStart(some: Uint8Array, other: Uint8Array): number {
  let [same, most] = [0, Math.min(some.length, other.length)];
  while (same < most) {
    const middle = Math.ceil((same + most) / 2);
    if (isSame(some.subarray(same, middle), other.subarray(same, middle))) same = middle;
    else most = middle - 1;
  }
  return same;
}

/** The same at their end. */
export function countEqualAtEnd(some: Uint8Array, other: Uint8Array, atMost: number): number {
  let [same, most] = [0, atMost];
  while (same < most) {
    const middle = Math.ceil((same + most) / 2);
    if (
      isSame(
        some.subarray(some.length - middle, some.length - same),
        other.subarray(other.length - middle, other.length - same),
      )
    )
      same = middle;
    else most = middle - 1;
  }
  return same;
}

export function isSame(some: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(some, other) === 0;
}
