/** Shows one line on the terminal about a wait, if it takes long enough that a person wonders. */

const WONDER_SECONDS = 2;
const TICK_MILLISECONDS = 250;
/** Waits that follow each other within this time are shown as one. */
const GAP_MILLISECONDS = 500;

interface WaitingParts {
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly draw: (line: string) => void;
  readonly erase: () => void;
}

interface WaitingLine {
  /** @returns a function that ends this wait; the last one erases the line */
  show(what: string): () => void;
  /** Call this when something else was shown, since that proves activity too. */
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
