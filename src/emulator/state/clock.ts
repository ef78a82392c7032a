export type Clock = ReturnType<typeof createClock>;

/** Returns the emulator's only clock, which determines lifetimes, the SigV4 window and the `Date` header. */
export function createClock() {
  let offset = 0;
  let frozenAt: number | undefined;
  /** Emulated time in epoch milliseconds. */
  const now = (): number => frozenAt ?? Date.now() + offset;
  const jumpTo = (instant: number): void => {
    if (frozenAt === undefined) offset = instant - Date.now();
    else frozenAt = instant;
  };
  return {
    now,
    /** Jumps to an instant: a Date, epoch milliseconds or an ISO 8601 string. A frozen clock stays frozen. */
    set(instant: Date | number | string): void {
      const milliseconds = new Date(instant).getTime();
      if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${String(instant)}`);
      jumpTo(milliseconds);
    },
    advance(milliseconds: number): void {
      jumpTo(now() + milliseconds);
    },
    freeze(): void {
      frozenAt ??= now();
    },
    resume(): void {
      if (frozenAt === undefined) return;
      offset = frozenAt - Date.now();
      frozenAt = undefined;
    },
  };
}
