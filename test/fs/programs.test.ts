import { expect, test } from "vitest";
import { listProgramFiles } from "../../src/fs/programs.ts";

test.each<[platform: string, name: string, path: string, files: string[]]>([
  ["linux", "aws", "/usr/bin:rel::/opt/a b", ["/usr/bin/aws", "/opt/a b/aws"]],
  ["linux", "/opt/aws", "/usr/bin", ["/opt/aws"]],
  ["linux", "bin\\aws", "/usr/bin", ["/usr/bin/bin\\aws"]],
  ["win32", "aws.EXE", "C:\\Windows;rel;D:/x", ["C:\\Windows\\aws.EXE", "D:\\x\\aws.EXE"]],
  [
    "win32",
    "npm",
    '"C:\\Program Files\\nodejs"',
    [".com", ".exe", ".bat", ".cmd"].map((end) => `C:\\Program Files\\nodejs\\npm${end}`),
  ],
  ["win32", "C:\\Users\\José Doe\\latchkey.cmd", "", ["C:\\Users\\José Doe\\latchkey.cmd"]],
  [
    "win32",
    "\\\\server\\share\\v1.2",
    "",
    [".com", ".exe", ".bat", ".cmd"].map((end) => `\\\\server\\share\\v1.2${end}`),
  ],
])("on %s, %s is searched along %s", (platform, name, path, files) => {
  expect(listProgramFiles(name, path, platform)).toEqual(files);
});
