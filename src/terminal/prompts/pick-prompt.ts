import {
  createPrompt,
  makeTheme,
  useEffect,
  useKeypress,
  useMemo,
  usePrefix,
  useState,
} from "@inquirer/core";
import type { Writable } from "node:stream";
import { readLineText, toLineText } from "./edit-line.ts";
import { fitColumns, measureColumns } from "./columns.ts";
import { createMatcher } from "./match.ts";
import { applyKey, type PickState } from "./pick-state.ts";
import { drawHeader, drawList, type PickConfig, type Screen } from "./pick-view.ts";
import { useShownText } from "./readline-line.ts";

/** One of many, found by typing. */

type Picked = { readonly kind: "row"; readonly index: number } | { readonly kind: "back" };

const MOST_ROWS = 12;
/** The question, the count, the whole of a cut row, and the line that a shell keeps for its prompt. */
const OTHER_LINES = 4;

export const pickPrompt = createPrompt<Picked, PickConfig>((config, done) => {
  const { rows, output, canGoBack } = config;
  const theme = makeTheme();
  const [state, setState] = useState<PickState>({
    filter: toLineText(config.filter),
    active: 0,
    isUsed: false,
  });
  const prefix = usePrefix({ status: "idle", theme });
  const setShown = useShownText();
  const { found, widths } = useFound(rows, readLineText(state.filter));
  const size = useSize(output);
  const page = Math.max(1, Math.min(MOST_ROWS, size.rows - OTHER_LINES));

  useKeypress((key) => {
    const step = applyKey(state, key, { count: found.length, page, canGoBack });
    if (step.kind === "stay") return setState(step.state);
    const index = found[state.active];
    if (step.kind === "back" || index === undefined) return done({ kind: "back" });
    done({ kind: "row", index });
  });

  const layout = fitColumns(widths, config.telling, size.columns - MARGIN);
  const screen: Screen = { config, state, found, page, layout, columns: size.columns };
  const header = drawHeader(screen);
  setShown(header.filter, header.cursor);
  return [
    `${prefix} ${theme.style.message(header.message, "idle")} ${header.filter}`,
    drawList(screen).join("\n"),
  ];
});

/** What fits the typed text, and how wide the columns of all rows are. */
function useFound(rows: PickConfig["rows"], typed: string) {
  const match = useMemo(() => createMatcher(rows), []);
  const widths = useMemo(() => measureColumns(rows), []);
  return { found: useMemo(() => match(typed), [typed]), widths };
}

/**
 * The size of the terminal; another one draws the question anew, on a clear screen: a terminal that has become narrower
 * has broken the lines, and terminals differ in where they leave the cursor then.
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

/** The marks before a row, and the last column, where some terminals wrap. */
const MARGIN = 4;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function readSize(output: Writable): Size {
  const { columns, rows } = output as Partial<Size> & Writable;
  // Of a terminal that does not say.
  return { columns: Math.max(20, columns || 80), rows: rows || 24 };
}
