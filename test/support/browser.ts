import type { Home } from "./home.ts";

/** Commands for BROWSER, which run on every system: Node with a script in the home. */

/** Leaves its arguments, joined by `|`, in the file `opened` of the home: all at once. */
export function createNotingBrowser(home: Home): string {
  return createBrowser(
    home,
    `writeFileSync(opened + ".part", words.join("|")); renameSync(opened + ".part", opened);`,
  );
}

/** Its person approves at once: it adds the URL to `opened` and follows it to its end. */
export function createReturningBrowser(home: Home): string {
  return createBrowser(home, `appendFileSync(opened, words[0] + "\\n"); await fetch(words[0]);`);
}

function createBrowser(home: Home, script: string): string {
  const file = home.write(
    "bin/browser.mjs",
    [
      'import { appendFileSync, renameSync, writeFileSync } from "node:fs";',
      'import { join } from "node:path";',
      'const opened = join(import.meta.dirname, "..", "opened");',
      "const words = process.argv.slice(2);",
      `${script}\n`,
    ].join("\n"),
  );
  return `${process.execPath} ${file}`;
}
