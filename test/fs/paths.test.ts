import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import {
  configFilePath,
  credentialsFilePath,
  expandPath,
  listHostLockDirectories,
} from "../../src/fs/paths.ts";
import { isNullName } from "../../src/fs/descriptor.ts";
import { join } from "node:path";
import { leaveOutOnWindows, testOnPosixOnly } from "../support/windows.ts";

const OF_LINUX = "on Windows it is a valid path";

/** The results of `os.path.expanduser(os.path.expandvars(value))` in Python on that platform. */
test.each([
  ["linux", "/x/config", "/x/config"],
  ["linux", "~/work/config", "/home/me/work/config"],
  ["linux", "$HOME/work/config", "/home/me/work/config"],
  ["linux", "${HOME}/work/config", "/home/me/work/config"],
  ["linux", "$WHERE/config", "/mnt/aws/config"],
  ["linux", "$TILDE/config", "/home/me/config"],
  ["linux", "$NOWHERE/config", "$NOWHERE/config"],
  ["linux", "%WHERE%/config", "%WHERE%/config"],
  ["linux", "~\\work", "~\\work"],
  ["linux", "x/~/config", "x/~/config"],
  ["linux", '"/x/config"', '"/x/config"'],
  ["win32", "D:\\aws\\config", "D:\\aws\\config"],
  ["win32", "~\\work\\config", "C:\\Users\\José Doe\\work\\config"],
  ["win32", "~/work/config", "C:\\Users\\José Doe\\work\\config"],
  ["win32", "%USERPROFILE%\\aws", "C:\\Users\\José Doe\\aws"],
  ["win32", "%NOWHERE%\\a%b", "%NOWHERE%\\a%b"],
  ["win32", "${WHERE}\\config", "/mnt/aws\\config"],
])("on %s, AWS_CONFIG_FILE=%s is expanded to %s", (platform, value, expected) => {
  const isWindows = platform === "win32";
  const home = isWindows ? "C:\\Users\\José Doe" : "/home/me";
  const env = { [isWindows ? "USERPROFILE" : "HOME"]: home, WHERE: "/mnt/aws", TILDE: "~" };
  expect(expandPath(value, { env, home, platform })).toBe(expected);
});

test("an empty variable counts as not set", () => {
  const env = { AWS_CONFIG_FILE: "", AWS_SHARED_CREDENTIALS_FILE: "" };
  expect(configFilePath("/home/me", env)).toBe(join("/home/me", ".aws", "config"));
  expect(credentialsFilePath("/home/me", env)).toBe(join("/home/me", ".aws", "credentials"));
});

describe("a Windows path in a variable, on Linux", () => {
  test.each([
    ["C:\\Users\\x\\.aws\\config", "export AWS_CONFIG_FILE=/mnt/c/Users/x/.aws/config"],
    ["d:/Jane Doe/config", "export AWS_CONFIG_FILE='/mnt/d/Jane Doe/config'"],
    ["\\\\wsl.localhost\\Ubuntu\\home\\x\\config", "export AWS_CONFIG_FILE=/home/x/config"],
    ["\\\\wsl$\\Debian\\etc\\config", "export AWS_CONFIG_FILE=/etc/config"],
    ["%USERPROFILE%\\.aws\\config", "Write it as a Linux path that starts with /."],
    ["~\\.aws\\config", "Write it as a Linux path that starts with /."],
    [".aws\\config", "Write it as a Linux path that starts with /."],
  ])("%s is refused with the hint %s", (path, hint) => {
    leaveOutOnWindows(OF_LINUX);
    expect(() => configFilePath("/home/x", { AWS_CONFIG_FILE: path })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: `AWS_CONFIG_FILE is a Windows path: ${path}`,
        hint,
      }),
    );
  });

  test.each(["/mnt/c/Users/x/config", "a:b", "~/we\\ird", "/we\\ird", "$HOME\\x"])(
    "%s is accepted as a path of this system",
    (path) => {
      leaveOutOnWindows(OF_LINUX);
      expect(() => configFilePath("/home/x", { AWS_CONFIG_FILE: path })).not.toThrow();
    },
  );
});

testOnPosixOnly("Windows has no user ids")(
  "locks for a home without locks are in the runtime directory, then in TMPDIR, then in /tmp",
  () => {
    const own = `latchkey-${process.getuid?.()}`;
    const list = (env: Readonly<Record<string, string>>): string[] =>
      listHostLockDirectories(env, (path) => path === "/run/mine").filter(
        (path) => !path.startsWith(`${tmpdir()}/`) || tmpdir() === "/tmp",
      );
    expect(list({ XDG_RUNTIME_DIR: "/run/mine", TMPDIR: "/var/roots" })).toEqual([
      "/run/mine/latchkey",
      `/var/roots/${own}`,
      `/tmp/${own}`,
    ]);
    expect(list({ XDG_RUNTIME_DIR: "/run/another's", TMPDIR: "relative" })).toEqual([
      `/tmp/${own}`,
    ]);
  },
);

test.each([
  ["NUL", "win32", true],
  ["nul:", "win32", true],
  ["\\\\.\\NUL", "win32", true],
  ["C:\\Users\\me\\nul", "win32", true],
  ["C:\\annul", "win32", false],
  ["NUL", "linux", false],
])("whether %j is the null device on %s: %s", (path, platform, expected) => {
  expect(isNullName(path, platform)).toBe(expected);
});
