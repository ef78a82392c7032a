import {
  editLine,
  nameKey,
  readLineText,
  toLineText,
  type Key,
  type LineText,
} from "./edit-line.ts";
import { hasControls } from "../../text/terminal.ts";
import { BACK } from "./pick/state.ts";

/**
 * Defines what each key does in a question for a line of text. Keys that cancel are the same in every prompt: see run.ts.
 */

export interface LineState {
  readonly line: LineText;
  /** The answer if the user types nothing. */
  readonly initial: string;
  /** What is wrong with the last answer; undefined if nothing is. */
  readonly fault: string | undefined;
  /** The known values that Tab cycles through, and the index of the value that is in the line. */
  readonly proposed: { readonly values: readonly string[]; readonly at: number } | undefined;
}

export interface LineRules {
  readonly validate: (answer: string) => true | string;
  readonly complete: (typed: string) => readonly string[];
  readonly canGoBack: boolean;
}

type LineStep =
  | { readonly kind: "stay"; readonly state: LineState }
  | { readonly kind: "answer"; readonly answer: string }
  | { readonly kind: "back" };

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = { tab: 1, "shift-tab": -1 };

export function applyLineKey(state: LineState, key: Key, rules: LineRules): LineStep {
  const name = nameKey(key);
  const typed = readLineText(state.line).trim();
  const stay = (change: Partial<LineState>): LineStep => ({
    kind: "stay",
    state: { ...state, fault: undefined, proposed: undefined, ...change },
  });
  if (name === "return" || name === "enter") return judge(state, typed, rules);
  if (name === "up" && rules.canGoBack && isUntouched(state, typed)) return { kind: "back" };
  const direction = DIRECTIONS[name];
  if (direction !== undefined) return stay(propose(state, typed, rules, direction));
  if (name === "backspace" && typed === "") return stay({ line: toLineText(""), initial: "" });
  return stay({ line: editLine(state.line, key) ?? state.line });
}

/** Returns whether the user has typed nothing, or has not changed the proposed text. */
function isUntouched({ initial }: LineState, typed: string): boolean {
  return typed === "" || typed === initial;
}

function judge(state: LineState, typed: string, { validate, canGoBack }: LineRules): LineStep {
  if (canGoBack && typed === BACK) return { kind: "back" };
  const answer = typed === "" ? state.initial : typed;
  const verdict = validate(answer);
  if (verdict === true) return { kind: "answer", answer };
  return { kind: "stay", state: { ...state, fault: verdict, proposed: undefined } };
}

/**
 * Puts the next known value into the line. If no value matches, puts the initial answer into it, so that the user can
 * edit that.
 */
function propose(
  state: LineState,
  typed: string,
  { complete }: LineRules,
  direction: 1 | -1,
): Partial<LineState> {
  const { proposed } = state;
  const values = proposed?.values ?? complete(typed);
  const isFree = typed === "" && !hasControls(state.initial);
  if (values.length === 0) return isFree ? { line: toLineText(state.initial) } : {};
  const first = direction === 1 ? 0 : values.length - 1;
  const at =
    proposed === undefined ? first : (proposed.at + direction + values.length) % values.length;
  return { line: toLineText(values[at] ?? ""), proposed: { values, at } };
}
