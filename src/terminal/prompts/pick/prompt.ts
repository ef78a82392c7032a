import {
  createPrompt,
  makeTheme,
  useEffect,
  useKeypress,
  useMemo,
  usePrefix,
  useRef,
  useState,
} from "@inquirer/core";
import type { Writable } from "node:stream";
import { readLineText, toLineText } from "../edit-line.ts";
import { useShownText } from "../readline-line.ts";
import { fitColumns, measureColumns } from "./columns.ts";
import { countFootLines, drawFoot } from "./foot.ts";
import { createMatcher } from "./match.ts";
import { applyKey, type PickKey, type PickState } from "./state.ts";
import {
  drawHeader,
  drawList,
  measureMargin,
  type Marks,
  type PickConfig,
  type Screen,
} from "./view.ts";

/** Asks the user to choose one of many rows. The user finds a row by typing. */

type Picked =
  | { readonly kind: "row"; readonly index: number }
  | { readonly kind: "back" }
  | {
      readonly kind: "act";
      readonly key: PickKey;
      /** The index of the chosen row; undefined if no row matches. */
      readonly index: number | undefined;
      readonly typed: string;
    };

const MOST_ROWS = 12;
/** The number of other lines: the question, the details of a cut row, and the line that a shell needs for its prompt. */
const OTHER_LINES = 3;

export const pickPrompt = createPrompt<Picked, PickConfig>((config, done) => {
  const { rows, output, canGoBack, keys } = config;
  const theme = makeTheme();
  const [state, setState] = useState<PickState>({
    filter: toLineText(config.filter),
    active: 0,
    isUsed: false,
  });
  const prefix = usePrefix({ status: "idle", theme });
  const setShown = useShownText();
  const marking = useMarking(config);
  const typed = readLineText(state.filter);
  const { found, widths } = useFound(rows, typed);
  const { columns, ...size } = useSize(output);
  const room = size.rows - OTHER_LINES - countFootLines(config, columns);
  const page = Math.max(1, Math.min(MOST_ROWS, room));

  useKeypress((key) => {
    const step = applyKey(state, key, { count: found.length, page, canGoBack, keys });
    const index = found[state.active];
    marking.sayNothing();
    if (step.kind === "stay") return setState(step.state);
    if (step.kind === "mark") return marking.toggle(index, step.key);
    if (step.kind === "act") return done({ kind: "act", key: step.key, index, typed });
    done(step.kind === "back" || index === undefined ? { kind: "back" } : { kind: "row", index });
  });

  const { marks, said } = marking;
  const layout = fitColumns(widths, config.telling, columns - measureMargin(marking));
  const screen: Screen = { config, state, marks, said, found, page, layout, columns };
  const header = drawHeader(screen);
  setShown(header.filter, header.cursor);
  return [
    `${prefix} ${theme.style.message(header.message, "idle")} ${header.filter}`,
    [...drawList(screen), ...drawFoot(screen)].join("\n"),
  ];
});

function setMark(marks: Marks, index: number, mark: string): Marks {
  const changed = new Map(marks).set(index, mark);
  if (mark === "") changed.delete(index);
  return changed;
}

/** Returns the marks of the rows, and the message about a change. A mark changes only some time after its key. */
function useMarking({ marks: initial, toggleMark }: PickConfig) {
  const [marks, setMarks] = useState(initial);
  const [said, setSaid] = useState<string | undefined>(undefined);
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const toggle = async (index: number, label: string): Promise<void> => {
    setSaid(`${label} …`);
    const outcome = await toggleMark(index);
    if (!isOpen.current) return;
    if ("failure" in outcome) return setSaid(outcome.failure);
    setMarks((before) => setMark(before, index, outcome.mark));
    setSaid(undefined);
  };
  return {
    marks,
    said,
    sayNothing: () => setSaid(undefined),
    toggle: (index: number | undefined, { label }: PickKey): void =>
      index === undefined ? undefined : void toggle(index, label),
  };
}

/** Returns the rows that match the typed text, and the widths of the columns over all rows. */
function useFound(rows: PickConfig["rows"], typed: string) {
  const match = useMemo(() => createMatcher(rows), []);
  const widths = useMemo(() => measureColumns(rows), []);
  return { found: useMemo(() => match(typed), [typed]), widths };
}

/**
 * Returns the terminal's size. If the size changes, the screen is cleared and the question is drawn again: a narrower
 * terminal has wrapped the lines, and terminals differ in where they then put the cursor.
 */
function useSize(output: Writable) {
  const [size, setSize] = useState(() => readSize(output));
  useEffect(() => {
    const redraw = (): void => {
      output.write(CLEAR_SCREEN);
      setSize(readSize(output));
    };
    output.on("resize", redraw);
    return () => output.off("resize", redraw);
  }, []);
  return size;
}

const CLEAR_SCREEN = "\u001b[2J\u001b[H";

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function readSize(output: Writable): Size {
  const { columns, rows } = output as Partial<Size> & Writable;
  // Defaults for a terminal that reports no size.
  return { columns: Math.max(20, columns || 80), rows: rows || 24 };
}
