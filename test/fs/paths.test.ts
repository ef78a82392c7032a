import { describe, expect, test } from "vitest";
import { configFilePath, credentialsFilePath } from "../../src/fs/paths.ts";

/** As `os.path.expanduser(os.path.expandvars(value))` has it in Python, on POSIX. */
test.each([
  ["/x/config", "/x/config"],
  ["~/work/config", "/home/me/work/config"],
  ["$HOME/work/config", "/home/me/work/config"],
  ["${HOME}/work/config", "/home/me/work/config"],
  ["$WHERE/config", "/mnt/aws/config"],
  ["$TILDE/config", "/home/me/config"],
  ["$NOWHERE/config", "$NOWHERE/config"],
  ["x/~/config", "x/~/config"],
  ['"/x/config"', '"/x/config"'],
  ["", "/home/me/.aws/FILE"],
])("AWS_CONFIG_FILE=%s is %s", (value, expected) => {
  const env = { HOME: "/home/me", WHERE: "/mnt/aws", TILDE: "~" };
  expect(configFilePath("/home/me", { ...env, AWS_CONFIG_FILE: value })).toBe(
    expected.replace("FILE", "config"),
  );
  expect(credentialsFilePath("/home/me", { ...env, AWS_SHARED_CREDENTIALS_FILE: value })).toBe(
    expected.replace("FILE", "credentials"),
  );
});

describe.skipIf(process.platform === "win32")("a path of Windows in a variable, on Linux", () => {
  test.each([
    ["C:\\Users\\x\\.aws\\config", "export AWS_CONFIG_FILE=/mnt/c/Users/x/.aws/config"],
    ["d:/Jane Doe/config", "export AWS_CONFIG_FILE='/mnt/d/Jane Doe/config'"],
    ["\\\\wsl.localhost\\Ubuntu\\home\\x\\config", "export AWS_CONFIG_FILE=/home/x/config"],
    ["\\\\wsl$\\Debian\\etc\\config", "export AWS_CONFIG_FILE=/etc/config"],
    ["%USERPROFILE%\\.aws\\config", "Write that path as Linux does, from / on."],
    ["~\\.aws\\config", "Write that path as Linux does, from / on."],
    [".aws\\config", "Write that path as Linux does, from / on."],
  ])("%s is refused, with the cure %s", (path, hint) => {
    expect(() => configFilePath("/home/x", { AWS_CONFIG_FILE: path })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: `AWS_CONFIG_FILE names a path of Windows: ${path}`,
        hint,
      }),
    );
  });

  test.each(["/mnt/c/Users/x/config", "a:b", "~/we\\ird", "/we\\ird", "$HOME\\x"])(
    "%s is a path of this system",
    (path) => {
      expect(() => configFilePath("/home/x", { AWS_CONFIG_FILE: path })).not.toThrow();
    },
  );
});
