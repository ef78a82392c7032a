import type { Choice, PickAct, PickMarking, PickOptions } from "../../../context.ts";
import { isExpectedFailure } from "../../../errors.ts";
import { redact } from "../../../text/secrets/redact.ts";
import { escapeControls, hasControls } from "../../../text/terminal.ts";
import { runPrompt, type PromptParts } from "../run.ts";
import type { PickKey } from "./state.ts";
import type { Marked, PickConfig } from "./view.ts";

/** Asks the user to choose one of several values. Returns the value, or the result of a key's action. */
export async function pickOne<T, R>(
  parts: PromptParts,
  question: string,
  choices: ReadonlyArray<Choice<T>>,
  options: PickOptions<T, R>,
): Promise<T | R> {
  const { pickPrompt } = await import("./prompt.ts");
  const { acts = [], onBack } = options;
  const marks = createMarks(parts, choices, options.marking);
  const config = { ...toConfig(parts, question, choices, options), toggleMark: marks.toggle };
  const picked = await marks.settle(runPrompt(parts, pickPrompt, config, { isErased: true }));
  if (picked.kind === "back" && onBack !== undefined) return onBack();
  // Each index is that of a row, and each row has a value. An action that needs no row has no index.
  const value = (picked.kind === "back" ? undefined : choices[picked.index ?? -1]?.value) as T;
  if (picked.kind !== "act") return value;
  const act = acts.find(({ key }) => key === picked.key.key);
  return act === undefined ? value : act.run(value, picked.typed);
}

/** Changes marks one after the other. When the question ends, waits for the last change and throws its failure. */
function createMarks<T>(
  { streams }: PromptParts,
  choices: ReadonlyArray<Choice<T>>,
  marking: PickMarking<T> | undefined,
): {
  readonly toggle: (index: number) => Promise<Marked>;
  /** @returns the answer, after the last mark has changed. @throws any unexpected failure of a change */
  readonly settle: <V>(answer: Promise<V>) => Promise<V>;
} {
  let last: Promise<Marked> = Promise.resolve({ mark: "" });
  let underWay = 0;
  const sayLast = async (): Promise<void> => {
    const isShown = underWay === 0;
    const marked = await last;
    if (isShown || !("failure" in marked)) return;
    streams().output.write(`latchkey: notice: ${marked.failure}\n`);
  };
  return {
    toggle(index) {
      underWay += 1;
      last = last.then(() => mark(choices[index], marking)).finally(() => (underWay -= 1));
      // An unexpected failure is thrown only after the question has ended.
      return last.catch(() => ({ failure: "" }));
    },
    async settle(answer) {
      try {
        return await answer;
      } finally {
        await sayLast();
      }
    },
  };
}

async function mark<T>(
  choice: Choice<T> | undefined,
  marking: PickMarking<T> | undefined,
): Promise<Marked> {
  if (choice === undefined || marking === undefined) return { mark: "" };
  try {
    return { mark: escapeControls(await marking.toggle(choice.value)) };
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    return { failure: escapeControls(redact(thrown.message)) };
  }
}

function toConfig<T, R>(
  { streams }: PromptParts,
  message: string,
  choices: ReadonlyArray<Choice<T>>,
  options: PickOptions<T, R>,
): Omit<PickConfig, "toggleMark"> {
  const { filter = "", current, telling, onBack, enter, note } = options;
  const rows = choices.map(({ cells }) => cells.map(escapeControls));
  const index = current === undefined ? -1 : choices.findIndex(({ value }) => value === current);
  const marks = choices.flatMap(({ mark = "" }, at) =>
    mark === "" ? [] : [[at, escapeControls(mark)] as const],
  );
  return {
    message: escapeControls(message),
    rows,
    telling: telling ?? (rows[0] ?? []).map((_, column) => column),
    // The filter is drawn as it is, so a filter with control characters is not used.
    filter: hasControls(filter) ? "" : filter,
    current: index === -1 ? undefined : index,
    canGoBack: onBack !== undefined,
    enter,
    keys: listKeys(options),
    note: note === undefined ? undefined : escapeControls(note),
    marks: new Map(marks),
    output: streams().output,
  };
}

/** Returns the keys in the order in which they are shown: actions on a row, the mark, actions on all rows. */
function listKeys<T, R>({ acts = [], marking }: PickOptions<T, R>): PickKey[] {
  const toKey = ({ key, label, needsRow = true }: PickAct<T, R>): PickKey => ({
    key,
    label,
    needsRow,
    kind: "act",
  });
  const mark =
    marking === undefined
      ? []
      : [{ key: marking.key, label: marking.label, needsRow: true, kind: "mark" } as const];
  const keys = acts.map(toKey);
  return [
    ...keys.filter(({ needsRow }) => needsRow),
    ...mark,
    ...keys.filter(({ needsRow }) => !needsRow),
  ];
}
