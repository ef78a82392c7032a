import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { LatchkeyError } from "../../errors.ts";
import { escapeControls } from "../../text/terminal.ts";
import type { PromptParts } from "./run.ts";

/**
 * Reads several typed or pasted lines. An empty line or Ctrl-D ends the input. Pasted text may itself contain empty
 * lines; the text after such a line must not be left for the shell, which would run it. Most terminals mark where a
 * paste begins and ends. Without marks, an empty line ends the input only if no more text follows at once.
 */

const PASTE_BEGINS = "\u001b[200~";
const PASTE_ENDS = "\u001b[201~";
const MARK_PASTES = "\u001b[?2004h";
const MARK_NO_PASTES = "\u001b[?2004l";
/** The maximum time until the rest of a paste arrives. */
const REST_MILLISECONDS = 150;
const [CTRL_C, CTRL_D, ESCAPE] = ["\u0003", "\u0004", "\u001b"];

/** The text so far, and whether it is complete. */
export interface PasteState {
  readonly text: string;
  readonly isPasting: boolean;
  /** "maybe": the last line is empty, and ends the input if no more text follows. */
  readonly end: "open" | "maybe" | "done" | "cancelled";
}

export const NOTHING_PASTED: PasteState = { text: "", isPasting: false, end: "open" };

/** @returns the state after this input, and the characters of it to show */
export function takeInput(
  before: PasteState,
  chunk: string,
): { readonly state: PasteState; readonly shown: string } {
  if (chunk === ESCAPE) return { state: { ...before, end: "cancelled" }, shown: "" };
  let state: PasteState = { ...before, end: "open" };
  let shown = "";
  for (const piece of chunk.split(/(\u001b\[20[01]~|\r\n|[\r\n\u0003\u0004\u007f\b])/)) {
    if (piece === "" || state.end === "done" || state.end === "cancelled") continue;
    const next = takePiece(state, piece);
    shown += showPiece(state, piece);
    state = next;
  }
  return { state, shown };
}

function takePiece(state: PasteState, piece: string): PasteState {
  const { text, isPasting } = state;
  if (piece === PASTE_BEGINS) return { text, isPasting: true, end: "open" };
  if (piece === PASTE_ENDS) return { text, isPasting: false, end: "open" };
  if (/^[\r\n]+$/.test(piece)) {
    const isEmptyLine = text === "" || text.endsWith("\n");
    return { text: `${text}\n`, isPasting, end: isEmptyLine && !isPasting ? "maybe" : "open" };
  }
  if (isPasting) return { text: text + piece, isPasting, end: "open" };
  if (piece === CTRL_C) return { ...state, end: "cancelled" };
  if (piece === CTRL_D) return { ...state, end: "done" };
  if (/^[\u007f\b]$/.test(piece))
    return { ...state, text: text.endsWith("\n") ? text : text.slice(0, -1), end: "open" };
  return { text: text + piece, isPasting, end: "open" };
}

function showPiece({ text, isPasting }: PasteState, piece: string): string {
  if (/^[\r\n]+$/.test(piece)) return "\r\n";
  if (/^\u001b\[20[01]~$/.test(piece)) return "";
  if (!isPasting && /^[\u007f\b]$/.test(piece))
    return text === "" || text.endsWith("\n") ? "" : "\b \b";
  if (!isPasting && (piece === CTRL_C || piece === CTRL_D)) return "";
  return escapeControls(piece);
}

/** @throws LatchkeyError CANCELLED on Esc and Ctrl-C; the interruption's reason if the process is asked to end */
export async function readPasted(parts: PromptParts, question: string): Promise<string> {
  const { input, output } = parts.streams();
  parts.interruption.throwIfAborted();
  setRaw(input, true);
  output.write(`${question}\r\n${MARK_PASTES}`);
  const decoder = new StringDecoder("utf8");
  let state = NOTHING_PASTED;
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const finish = (): void => resolve(state.text);
      const onData = (bytes: Buffer): void => {
        clearTimeout(timer);
        const taken = takeInput(state, decoder.write(bytes));
        state = taken.state;
        output.write(taken.shown);
        if (state.end === "cancelled") reject(new LatchkeyError("CANCELLED", "Cancelled."));
        if (state.end === "done") finish();
        if (state.end === "maybe") timer = setTimeout(finish, REST_MILLISECONDS);
      };
      const onAbort = (): void => reject(parts.interruption.reason as Error);
      input.on("data", onData).on("end", finish).on("close", finish);
      parts.interruption.addEventListener("abort", onAbort);
      stop = () => {
        input.off("data", onData).off("end", finish).off("close", finish);
        parts.interruption.removeEventListener("abort", onAbort);
      };
    });
  } finally {
    clearTimeout(timer);
    stop();
    output.write(MARK_NO_PASTES);
    setRaw(input, false);
    input.pause();
  }
}

function setRaw(input: Readable, isRaw: boolean): void {
  if ("setRawMode" in input && typeof input.setRawMode === "function")
    (input.setRawMode as (isRaw: boolean) => void)(isRaw);
}
