import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import nodeModule from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  decideHandover,
  findHandover,
  judgeHead,
  nameTarget,
} from "../../src/hot-path/handover.ts";
import { testOnPosixOnly } from "../support/windows.ts";

describe("the package for this machine", () => {
  test.each([
    ["linux", "x64", "/lib64/ld-linux-x86-64.so.2", "linux-x64"],
    ["linux", "arm64", "/lib/ld-linux-aarch64.so.1", "linux-arm64"],
    ["linux", "x64", "/lib/ld-musl-x86_64.so.1", "linux-x64-musl"],
    ["linux", "arm64", "/lib/ld-musl-aarch64.so.1", "linux-arm64-musl"],
    ["linux", "x64", "/nix/store/abc-musl-libs/lib/ld-linux-x86-64.so.2", "linux-x64"],
    ["linux", "x64", undefined, "linux-x64"],
    ["darwin", "arm64", undefined, "darwin-arm64"],
    ["darwin", "x64", undefined, "darwin-x64"],
    ["win32", "x64", undefined, "windows-x64"],
    ["win32", "arm64", undefined, "windows-arm64"],
    ["freebsd", "x64", undefined, undefined],
    ["linux", "ppc64", "/lib64/ld64.so.2", undefined],
  ])("%s on %s with %s: %s", (platform, arch, loader, target) => {
    expect(nameTarget({ platform, arch, loader })).toBe(target);
  });
});

describe("the program takes over if it exists, has the same version, and can be started", () => {
  const program = "/prefix/latchkey-linux-x64/bin/latchkey";

  test.each([
    [undefined, { reason: "the package latchkey-linux-x64 is not installed" }],
    [{ program, version: "0.1.0", obstacle: undefined }, { program }],
    [
      { program, version: "0.0.9", obstacle: undefined },
      { reason: "the package latchkey-linux-x64 is of version 0.0.9, and this is 0.1.0" },
    ],
    [
      { program, version: undefined, obstacle: undefined },
      { reason: "the package latchkey-linux-x64 is of version undefined, and this is 0.1.0" },
    ],
    [
      { program, version: "0.1.0", obstacle: "has no loader on this system" },
      { reason: "the program of latchkey-linux-x64 has no loader on this system" },
    ],
  ])("%j", (found, expected) => {
    expect(decideHandover("linux-x64", "0.1.0", found)).toEqual(expected);
  });
});

/** The first bytes of a Linux program, as linkers write them: a header, and one entry with the path of the loader. */
function createElf(machine: number, loader: string): Buffer {
  const head = Buffer.alloc(4096);
  head.write("\x7fELF\x02\x01\x01", "latin1");
  head.writeUInt16LE(machine, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(2, 56);
  head.writeUInt32LE(6, 64);
  head.writeUInt32LE(3, 120);
  head.writeBigUInt64LE(512n, 128);
  head.writeBigUInt64LE(BigInt(loader.length + 1), 152);
  head.write(`${loader}\0`, 512, "latin1");
  return head;
}

describe("the first bytes of a program", () => {
  const glibc = "/lib64/ld-linux-x86-64.so.2";
  const linux = { platform: "linux", arch: "x64" };
  const machO = Buffer.from("cffaedfe0c000001", "hex");
  const rows: ReadonlyArray<
    readonly [string, Buffer, Parameters<typeof judgeHead>[1], RegExp | undefined]
  > = [
    ["the program's loader exists", createElf(62, glibc), linux, undefined],
    [
      "the other libc's loader does not exist",
      createElf(62, "/lib/ld-musl-x86_64.so.1"),
      linux,
      /^needs \/lib\/ld-musl-x86_64\.so\.1, which/,
    ],
    ["another processor", createElf(183, glibc), linux, /^is not made for linux on x64$/],
    ["NixOS", createElf(62, glibc), { ...linux, isNixOs: true }, /^has no loader on this system$/],
    ["a file that is not a program", Buffer.from("#!/bin/sh\n"), linux, /^is not made for/],
    ["nothing", Buffer.alloc(0), linux, /^is not made for/],
    ["a truncated header", createElf(62, glibc).subarray(0, 80), linux, /^has no loader/],
    [
      "an offset outside the header",
      createElf(62, glibc).fill(0xff, 32, 40),
      linux,
      /^has no loader/,
    ],
    ["Apple silicon", machO, { platform: "darwin", arch: "arm64" }, undefined],
    [
      "Apple silicon's on Intel",
      machO,
      { platform: "darwin", arch: "x64" },
      /^is not made for darwin on x64$/,
    ],
    [
      "Linux's on macOS",
      createElf(62, glibc),
      { platform: "darwin", arch: "x64" },
      /^is not made for/,
    ],
    ["Windows", Buffer.from("MZ\x90"), { platform: "win32", arch: "x64" }, undefined],
    [
      "Linux's on Windows",
      createElf(62, glibc),
      { platform: "win32", arch: "x64" },
      /^is not made for/,
    ],
  ];

  test.each(rows)("%s", (_, head, host, expected) => {
    const obstacle = judgeHead(head, host, (path) => path === glibc);
    if (expected === undefined) expect(obstacle).toBeUndefined();
    else expect(obstacle).toMatch(expected);
  });
});

testOnPosixOnly("Windows has neither modes nor these programs")(
  "looks in the package's own node_modules and in the one that contains it, and nowhere else",
  () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), "latchkey-handover-")));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const asked = findHandover(place, "1.2.3");
    const name =
      /the package (\S+) is not installed/.exec("reason" in asked ? asked.reason : "")?.[1] ?? "";
    expect(name).toMatch(/^latchkey-/);
    const install = (folder: string): string => {
      const program = join(folder, name, "bin", "latchkey");
      mkdirSync(dirname(program), { recursive: true });
      writeFileSync(join(folder, name, "package.json"), '{"version":"1.2.3"}');
      symlinkSync(process.execPath, program);
      return program;
    };

    const root = join(place, "anywhere", "latchkey");
    mkdirSync(root, { recursive: true });
    install(join(place, "anywhere"));
    install(join(place, "node_modules"));
    expect(findHandover(root, "1.2.3")).toEqual(asked);
    expect(findHandover(root, "1.2.3")).toEqual({ reason: `the package ${name} is not installed` });

    const hoisted = join(place, "node_modules", "latchkey");
    mkdirSync(hoisted);
    const beside = join(place, "node_modules", name, "bin", "latchkey");
    expect(findHandover(hoisted, "1.2.3")).toEqual({ program: beside });
    const nested = install(join(hoisted, "node_modules"));
    expect(findHandover(hoisted, "1.2.3")).toEqual({ program: nested });

    rmSync(nested);
    writeFileSync(nested, readFileSync("/bin/sh"));
    chmodSync(nested, 0o600);
    expect(findHandover(hoisted, "1.2.3")).toEqual({
      reason: `the program of ${name} can't be read or may not be run`,
    });
    chmodSync(nested, 0o700);
    writeFileSync(nested, "#!/bin/sh\n");
    expect(findHandover(hoisted, "1.2.3")).toEqual({
      reason: `the program of ${name} is not made for ${process.platform} on ${process.arch}`,
    });
  },
);

testOnPosixOnly("Windows has neither modes nor these programs")(
  "Yarn without a node_modules folder is asked for the package's folder",
  () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), "latchkey-yarn-")));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const root = join(place, "cache", "latchkey.zip", "node_modules", "latchkey");
    const unplugged = join(place, ".yarn", "unplugged", "x", "node_modules", "x");
    mkdirSync(join(unplugged, "bin"), { recursive: true });
    writeFileSync(join(unplugged, "package.json"), '{"version":"1.2.3"}');
    symlinkSync(process.execPath, join(unplugged, "bin", "latchkey"));
    const asked: string[][] = [];
    const answerWith = (answer: () => string | null): void => {
      const resolveToUnqualified = (...words: string[]): string | null => {
        asked.push(words);
        return answer();
      };
      Object.assign(nodeModule, { findPnpApi: () => ({ resolveToUnqualified }) });
    };
    onTestFinished(() => void Reflect.deleteProperty(nodeModule, "findPnpApi"));

    answerWith(() => unplugged);
    const program = join(unplugged, "bin", "latchkey");
    expect(findHandover(root, "1.2.3")).toEqual({ program });
    expect(asked).toEqual([[expect.stringMatching(/^latchkey-/), join(root, "package.json")]]);
    const missing = { reason: expect.stringMatching(/is not installed$/) };
    answerWith(() => null);
    expect(findHandover(root, "1.2.3")).toEqual(missing);
    answerWith(() => {
      throw new Error("Your application tried to access latchkey-linux-x64, but it isn't declared");
    });
    expect(findHandover(root, "1.2.3")).toEqual(missing);
  },
);
