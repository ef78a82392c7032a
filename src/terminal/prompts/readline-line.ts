import { useEffect, useRef, useState } from "@inquirer/core";

/**
 * Corrects the position of the cursor. The prompt library puts the cursor where readline has it in readline's own line.
 * latchkey edits the text itself, so before each drawing it sets readline's line to the text that is shown.
 */

/** @returns a function that sets the text at the end of the question's line, and the cursor's position in this text */
export function useShownText(): (text: string, cursor: number) => void {
  const readline = useRef<object | undefined>(undefined);
  const [, setReady] = useState(false);
  useEffect((created) => {
    readline.current = created;
    // At the first drawing there was no readline yet. This causes a second drawing.
    setReady(true);
  }, []);
  return (line, cursor) => {
    if (readline.current !== undefined) Object.assign(readline.current, { line, cursor });
  };
}
