import { useEffect, useRef, useState } from "@inquirer/core";

/**
 * The prompt library puts the cursor where readline has it in its own line. latchkey edits the text itself, so it tells
 * readline before each drawing what is shown.
 */

/** @returns a function that sets the end of the question's line and the cursor's position in it */
export function useShownText(): (text: string, cursor: number) => void {
  const readline = useRef<object | undefined>(undefined);
  const [, setReady] = useState(false);
  useEffect((created) => {
    readline.current = created;
    // The first drawing had no readline yet; this causes another.
    setReady(true);
  }, []);
  return (line, cursor) => {
    if (readline.current !== undefined) Object.assign(readline.current, { line, cursor });
  };
}
