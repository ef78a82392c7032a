/** If a wait takes so long that a user may wonder, shows one line about it on the terminal. */

const WONDER_SECONDS = 2;
const TICK_MILLISECONDS = 250;
/** If the next wait begins within this time, both are shown as one wait. */
const GAP_MILLISECONDS = 500;

interface WaitingParts {
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly draw: (line: string) => void;
  readonly erase: () => void;
}

interface WaitingLine {
  /** @returns a function that ends this wait. The end of the last wait erases the line. */
  show(what: string): () => void;
  /** Call this when something else was shown. It also shows the user that latchkey is active. */
  noteShown(): void;
}

export function createWaitingLine({ monotonic, draw, erase }: WaitingParts): WaitingLine {
  const waits = new Map<object, string>();
  let begunAt = 0;
  let [shownAt, endedAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let drawnSeconds: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const tick = (): void => {
    const now = monotonic();
    const [what = ""] = waits.values();
    const seconds = Math.floor((now - begunAt) / 1000);
    const isQuiet = now - Math.max(begunAt, shownAt) >= WONDER_SECONDS * 1000;
    if (!isQuiet || seconds === drawnSeconds) return;
    drawnSeconds = seconds;
    draw(formatWait(what, seconds));
  };
  const begin = (): void => {
    if (monotonic() - endedAt > GAP_MILLISECONDS) begunAt = monotonic();
    timer = setInterval(tick, TICK_MILLISECONDS).unref();
  };
  const end = (): void => {
    clearInterval(timer);
    endedAt = monotonic();
    if (drawnSeconds !== undefined) erase();
    drawnSeconds = undefined;
  };
  return {
    show(what) {
      const key = {};
      if (waits.set(key, what).size === 1) begin();
      return () => {
        if (waits.delete(key) && waits.size === 0) end();
      };
    },
    noteShown() {
      shownAt = monotonic();
      drawnSeconds = undefined;
    },
  };
}

function formatWait(what: string, seconds: number): string {
  return `waiting for ${what} · ${seconds} s · Ctrl-C to stop`;
}
