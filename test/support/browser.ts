import type { Home } from "./home.ts";

/** Commands for BROWSER that run on every system: Node with a script in the home. */

/** Makes a browser that writes its arguments, joined by `|`, to the file `opened` in the home in one step. */
export function createNotingBrowser(home: Home): string {
  return createBrowser(
    home,
    `writeFileSync(opened + ".part", words.join("|")); renameSync(opened + ".part", opened);`,
  );
}

/** Makes a browser that approves at once: it appends the URL to `opened` and follows all redirects. */
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
