/** The emulator's one clock: every lifetime, the SigV4 window and the `Date` header follow it. */
export interface Clock {
  /** Emulated time in epoch milliseconds. */
  now(): number;
  /** Jumps to an instant: a Date, epoch milliseconds or an ISO 8601 string. Keeps running, or stays frozen. */
  set(instant: Date | number | string): void;
  advance(milliseconds: number): void;
  freeze(): void;
  resume(): void;
}

export function createClock(): Clock {
  let offset = 0;
  let frozenAt: number | undefined;
  const now = (): number => frozenAt ?? Date.now() + offset;
  const jumpTo = (instant: number): void => {
    if (frozenAt === undefined) offset = instant - Date.now();
    else frozenAt = instant;
  };
  return {
    now,
    set(instant) {
      const milliseconds = new Date(instant).getTime();
      if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${String(instant)}`);
      jumpTo(milliseconds);
    },
    advance(milliseconds) {
      jumpTo(now() + milliseconds);
    },
    freeze() {
      frozenAt ??= now();
    },
    resume() {
      if (frozenAt === undefined) return;
      offset = frozenAt - Date.now();
      frozenAt = undefined;
    },
  };
}
