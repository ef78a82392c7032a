import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createHome, createSignedInHome, PROGRAM, SESSION_CONFIG } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { startTmuxShell } from "../support/tmux.ts";
import { copyText } from "../../src/terminal/desktop/clipboard.ts";

/** The tests themselves may run in a container. */
const WITHOUT_MARKS = join(import.meta.dirname, "..", "faults", "support", "without_marks.sh");

test("in a real tmux, a client attached over SSH gets the code although the machine is a desktop, and a local one gets the redirect", async () => {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, authorize: { mode: "never" } });
  home.write(".aws/config", SESSION_CONFIG);
  await home.run(["settings", "login-flow", "auto"]);
  let overSsh: Record<string, string> = { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" };
  const runTmux = (...argv: string[]): string =>
    execFileSync("tmux", ["-L", `latchkey-${process.pid}`, "-f", "/dev/null", ...argv], {
      env: { ...home.env, DISPLAY: ":0", TERM: "xterm", ...overSsh },
      encoding: "utf8",
    });
  onTestFinished(() => void runTmux("kill-server"));
  const login = (name: string): void =>
    void runTmux(
      "new-session",
      "-d",
      "-s",
      name,
      "-x",
      "400",
      "-y",
      "50",
      `unshare --mount sh ${WITHOUT_MARKS} ${PROGRAM.join(" ")} login --no-browser --force; sleep 60`,
    );
  const readScreen = (name: string): string => runTmux("capture-pane", "-p", "-t", name);
  login("remote");
  await expect
    .poll(() => readScreen("remote"), { timeout: patience(20_000) })
    .toContain("Signed in to corp.");
  expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
  // tmux's server still has the SSH variable from its start. The session that is attached now has not.
  overSsh = {};
  login("local");
  await expect
    .poll(() => readScreen("local"), { timeout: patience(20_000) })
    .toContain("Paste the address from the browser");
  expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
});

test("in a real tmux, copied text is in its paste buffer, and no sequence is written to the pane", async () => {
  const home = await createHome();
  const shell = startTmuxShell(home, { hook: true });
  shell.tmux("set-option", "-g", "set-clipboard", "external");
  const socket = shell.tmux("display-message", "-p", "#{socket_path},#{pid},0").trim();
  const written: string[] = [];
  const line = "latchkey use 'Übung/ViewOnlyAccess'";
  const isCopied = await copyText(line, {
    env: { ...home.env, PATH: "/usr/bin:/bin", TMUX: socket, TERM: "tmux" },
    platform: "linux",
    writeTerminal: (text) => written.push(text),
  });
  expect(isCopied).toBe(true);
  expect(written).toEqual([]);
  expect(shell.tmux("show-buffer")).toBe(line);
});

test("in a real tmux, a profile is selected with a counted number of keys", async () => {
  const home = await createSignedInHome();
  const shell = startTmuxShell(home, { columns: 40, hook: true });
  await shell.see("$");
  shell.run("latchkey use");
  await shell.see(/> +okta/);
  shell.type("ok");
  await shell.see("? Profile ok");
  await shell.see(/> +okta/);
  shell.press("Enter");
  await shell.see("This shell uses okta");
  expect(shell.keys).toBe(3);
  shell.run("echo =$AWS_PROFILE=");
  await shell.see("=okta=");
});
