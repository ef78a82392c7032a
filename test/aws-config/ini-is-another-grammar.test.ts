import ini from "ini";
import { describe, expect, test } from "vitest";

/**
 * Shows why docs/decisions/0001 does not use the package `ini` for AWS files: each difference, on the installed version.
 */
describe("the npm package ini reads another syntax than AWS clients", () => {
  test("a dot in a section's name nests the section", () => {
    expect(ini.parse("[profile.with.dot]\nregion = eu-west-1\n")).not.toHaveProperty([
      "profile.with.dot",
    ]);
    expect(ini.parse("[a.b]\nregion = x\n")).toEqual({ a: { b: { region: "x" } } });
  });

  test("a # cuts a start URL short", () => {
    expect(ini.parse("sso_start_url = https://emu.awsapps.com/start/#/\n")).toEqual({
      sso_start_url: "https://emu.awsapps.com/start/",
    });
  });

  test("a value with = comes back quoted", () => {
    expect(ini.stringify({ credential_process: "run --token=1" })).toContain('"run --token=1"');
  });

  test("true comes back as a boolean, and a nested block is flattened", () => {
    expect(ini.parse("a = true\n")).toEqual({ a: true });
    expect(ini.parse("[profile x]\ns3 =\n  region = inner\n")).toEqual({
      "profile x": { s3: "", region: "inner" },
    });
  });
});
