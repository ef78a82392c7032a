import { chmodSync, closeSync, copyFileSync, openSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { runInForeground } from "../../src/terminal/foreground-child.ts";
import { createSignedInHome, testOnPosixOnly, type Home } from "../support/home.ts";

/** Commands of exec that the system refuses to start. */

const testStart = testOnPosixOnly("Windows starts programs in its own way");

function runCommand(home: Home, ...words: string[]) {
  return home.run(["exec", "okta", "--", ...words]);
}

describe("exec", () => {
  testStart("a script without #! is run by sh, with its arguments, as shells do", async () => {
    const home = await createSignedInHome();
    const script = home.write("a script", 'echo "<$1> <$2> <$AWS_ACCESS_KEY_ID>"; exit 7');
    chmodSync(script, 0o755);
    const ran = await runCommand(home, script, "a b", "");
    expect(ran).toMatchObject({ exitCode: 7, stdout: expect.stringMatching(/^<a b> <> <ASIA/) });
  });

  testStart("a refusal of the system is no fault of latchkey: exit 126", async () => {
    const home = await createSignedInHome();
    const file = home.write("plain-file", "text");
    symlinkSync("loop", join(home.path, "loop"));
    const busy = join(home.path, "busy");
    copyFileSync("/bin/true", busy);
    const writing = openSync(busy, "a");
    for (const [code, program] of [
      ["ENOTDIR", `${file}/program`],
      ["ELOOP", join(home.path, "loop")],
      ["ETXTBSY", busy],
    ] as const) {
      const refused = await runCommand(home, program);
      expect(refused).toMatchObject({ exitCode: 126, stdout: "" });
      expect(refused.stderr).toContain(`could not be started (${code}).\n`);
    }
    closeSync(writing);
  });

  // A single argument of this length can't be passed to latchkey itself.
  testStart("too long arguments are named as the cause", async () => {
    const started = runInForeground(["true", "x".repeat(200_000)], { PATH: "/usr/bin:/bin" });
    await expect(started).rejects.toMatchObject({
      message: "true could not be started (E2BIG).",
      hint: "Its arguments and variables are too long for this system: pass them in a file.",
      exitCode: 126,
    });
  });
});
