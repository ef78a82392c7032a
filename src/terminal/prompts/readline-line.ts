import { useEffect, useRef, useState } from "@inquirer/core";

/**
 * The prompt core puts the cursor where readline's own line has it. The text is edited here, so readline is told what
 * is shown before each drawing, whatever it has made of the key.
 */

/** @returns says what the last characters of the question's line are, and where among them the cursor is. */
export function useShownText(): (text: string, cursor: number) => void {
  const readline = useRef<object | undefined>(undefined);
  const [, setReady] = useState(false);
  useEffect((created) => {
    readline.current = created;
    // Drawn once without: now with it.
    setReady(true);
  }, []);
  return (line, cursor) => {
    if (readline.current !== undefined) Object.assign(readline.current, { line, cursor });
  };
}
