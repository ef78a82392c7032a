import { editLine, nameKey, readLineText, type Key, type LineText } from "../edit-line.ts";

/**
 * Defines what each key does in the picker. The keys are those of fzf. Keys that cancel are the same in every prompt:
 * see run.ts.
 */

export interface PickState {
  readonly filter: LineText;
  /** The position of the chosen row in the list of matching rows. */
  readonly active: number;
  /** Whether a key was pressed. Until then, tips are shown. */
  readonly isUsed: boolean;
}

/** A key for an action of this question. */
export interface PickKey {
  /** The key's name in the format of `nameKey`. */
  readonly key: string;
  /** One word for the action. */
  readonly label: string;
  /** Whether the key does nothing if no row matches. */
  readonly needsRow: boolean;
  /** Whether the key ends the question or marks the row. */
  readonly kind: "act" | "mark";
}

export interface PickFacts {
  /** The number of rows that match the filter. */
  readonly count: number;
  /** The number of rows that are shown at once. */
  readonly page: number;
  readonly canGoBack: boolean;
  /** Additional keys. A key that moves or edits can't be used here. */
  readonly keys: readonly PickKey[];
}

type PickStep =
  | { readonly kind: "stay"; readonly state: PickState }
  | { readonly kind: "take" | "back" }
  | { readonly kind: PickKey["kind"]; readonly key: PickKey };

/** If the filter is this text, Enter returns to the previous question, if there is one. */
export const BACK = "<";

const MOVES: Readonly<Record<string, (active: number, facts: PickFacts) => number>> = {
  ...keysOf(["up", "ctrl-p", "ctrl-k", "shift-tab"], (active) => active - 1),
  // Ctrl-J is a line feed, which readline calls "enter". The Enter key sends a carriage return.
  ...keysOf(["down", "ctrl-n", "ctrl-j", "enter", "tab"], (active) => active + 1),
  pageup: (active, { page }) => active - page,
  pagedown: (active, { page }) => active + page,
  home: () => 0,
  end: (_, { count }) => count - 1,
};

function keysOf<T>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** Applies a key. Moving does not change the filter; a new filter selects the best match. */
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
