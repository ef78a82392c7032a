import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isOpenable, splitBrowserCommand } from "../../src/terminal/desktop/browser.ts";

test.each([
  ["https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH", true],
  ["https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH", true],
  [
    "https://oidc.us-east-1.amazonaws.com/authorize?scopes=sso%3Aaccount%3Aaccess&state=a_b-c",
    true,
  ],
  ["http://127.0.0.1:4000/device", true],
  ["http://[::1]:4000/", true],
  ["http://localhost:4000/", true],
  ["http://example.com/device", false],
  ["http://127.0.0.1.example.com/", false],
  ["https://amazon.com@example.com/", false],
  ["https://amazon.com:x@example.com/", false],
  ["https://:x@example.com/", false],
  ["http://aws@127.0.0.1/", false],
  ["file:///etc/passwd", false],
  ["ms-settings:about", false],
  ["javascript:alert(1)", false],
  ["vscode://x/y", false],
  ["--version", false],
  ["", false],
  ["https://", false],
  ["https://example.com/ --x", false],
  ["https://example.com/\u0007", false],
  ["https://example.com/\nhttps://b", false],
  ["https://exämple.com/", false],
  ['https://example.com/"', false],
  ["https://example.com/'", false],
  ["https://example.com/$(id)", false],
  ["https://example.com/`id`", false],
  ["https://example.com/;id", false],
  ["https://example.com/|id", false],
  ["https://example.com/\\", false],
  ["https://example.com/^", false],
])("whether a browser gets %j: %s", (url, expected) => {
  expect(isOpenable(url)).toBe(expected);
});

test.each([
  ["firefox", "linux", ["firefox"]],
  [" firefox  -P work %s ", "linux", ["firefox", "-P", "work", "%s"]],
  ["firefox:chromium %s", "linux", ["firefox"]],
  ["'/opt/my browser/run' --new '%s'", "linux", ["/opt/my browser/run", "--new", "%s"]],
  ['"C:\\Program Files\\b.exe" -x', "win32", ["C:\\Program Files\\b.exe", "-x"]],
  ["firefox 'open", "linux", ["firefox", "'open"]],
])("the browser command %j on %s is %j", (command, platform, words) => {
  expect(splitBrowserCommand(command, platform)).toEqual(words);
});

test("the path of a program is a whole browser command, also with spaces", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey Program Files "));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "chrome.exe");
  writeFileSync(program, "");
  chmodSync(program, 0o755);
  expect(splitBrowserCommand(program, process.platform)).toEqual([program]);
});
