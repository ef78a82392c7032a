import { editLine, nameKey, readLineText, type Key, type LineText } from "../edit-line.ts";

/** What a key does in the picker, with the keys of fzf. Keys that cancel are every prompt's: see run.ts. */

export interface PickState {
  readonly filter: LineText;
  /** Which of the rows that fit is chosen. */
  readonly active: number;
  /** Whether a key was pressed: what to do is said until then. */
  readonly isUsed: boolean;
}

/** A key that does more than choosing a row. */
export interface PickKey {
  /** As `nameKey` says. */
  readonly key: string;
  /** What it does, in a word. */
  readonly label: string;
  /** Whether it does nothing where no row fits. */
  readonly needsRow: boolean;
  /** Whether it ends the question, or marks the row. */
  readonly kind: "act" | "mark";
}

export interface PickFacts {
  /** How many rows fit the filter. */
  readonly count: number;
  /** How many rows are shown at once. */
  readonly page: number;
  readonly canGoBack: boolean;
  /** Those that move or edit keep their meaning, whatever is said here. */
  readonly keys: readonly PickKey[];
}

type PickStep =
  | { readonly kind: "stay"; readonly state: PickState }
  | { readonly kind: "take" | "back" }
  | { readonly kind: PickKey["kind"]; readonly key: PickKey };

/** A filter that goes back to the question before, where one can. */
export const BACK = "<";

const MOVES: Readonly<Record<string, (active: number, facts: PickFacts) => number>> = {
  ...keysOf(["up", "ctrl-p", "ctrl-k", "shift-tab"], (active) => active - 1),
  // Ctrl-J is a line feed, which readline calls "enter"; the key Enter is a carriage return.
  ...keysOf(["down", "ctrl-n", "ctrl-j", "enter", "tab"], (active) => active + 1),
  pageup: (active, { page }) => active - page,
  pagedown: (active, { page }) => active + page,
  home: () => 0,
  end: (_, { count }) => count - 1,
};

function keysOf<T>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** Moving leaves the filter as it is; another filter chooses the row that fits best. */
export function applyKey(state: PickState, key: Key, facts: PickFacts): PickStep {
  const name = nameKey(key);
  const stay = (change: Partial<PickState>): PickStep => ({
    kind: "stay",
    state: { ...state, isUsed: true, ...change },
  });
  if (name === "return") {
    if (facts.canGoBack && readLineText(state.filter).trim() === BACK) return { kind: "back" };
    return facts.count > 0 ? { kind: "take" } : stay({});
  }
  const move = MOVES[name];
  if (move !== undefined)
    return stay({ active: Math.max(0, Math.min(facts.count - 1, move(state.active, facts))) });
  const filter = editLine(state.filter, key);
  if (filter === undefined) return findStep(name, facts) ?? stay({});
  const isSame = readLineText(filter) === readLineText(state.filter);
  return stay({ filter, active: isSame ? state.active : 0 });
}

function findStep(name: string, { keys, count }: PickFacts): PickStep | undefined {
  const key = keys.find((one) => one.key === name);
  if (key === undefined || (key.needsRow && count === 0)) return undefined;
  return { kind: key.kind, key };
}
