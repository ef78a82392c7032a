import { expect, test } from "vitest";
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
