import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fetchRuntime } from "../../scripts/build/standalone/parts.ts";
import {
  locateContents,
  locateExecutable,
  TARGETS,
} from "../../scripts/build/standalone/targets.ts";
import { signAdHoc } from "../../scripts/build/standalone/sign-mach-o.ts";
import { bearLostDirectory } from "../../scripts/build/standalone/working-directory.ts";
import { CHECKOUT } from "../support/program.ts";
import { findFaults as findFaultsOfLinux, readLinuxProgram } from "./support/elf.ts";
import { findFaults, readMachO } from "./support/mach-o.ts";
import { findFaults as findFaultsOfWindows, readWindowsProgram } from "./support/pe.ts";

/** Checks the file formats of programs that no test machine can run, and of those that Wine runs. */

const readProgram = (target: string): Buffer =>
  readFileSync(join(CHECKOUT, locateExecutable(target)));

test.each(TARGETS)("$name has the list of its contents beside it", ({ name, keyring }) => {
  const list = readFileSync(join(CHECKOUT, locateContents(name)), "utf8");
  const { components } = JSON.parse(list) as {
    components: Array<{ name: string; hashes?: object }>;
  };
  const names = components.map((component) => component.name);
  expect(names).toContain(`@napi-rs/keyring-${keyring}`);
  expect(names).toContain("@oclif/core");
  expect(names.some((each) => each.startsWith("@oven/bun-"))).toBe(true);
  expect(components.filter(({ hashes }) => hashes === undefined)).toEqual([]);
});

const AD_HOC = 0x2;
const LINKER_SIGNED = 0x20000;

describe.each([
  { target: "darwin-x64", cpu: 0x01000007, flags: AD_HOC, identifier: "latchkey" },
  { target: "darwin-arm64", cpu: 0x0100000c, flags: AD_HOC | LINKER_SIGNED, identifier: "a.out" },
])("$target", ({ target, cpu, flags, identifier }) => {
  const file = readProgram(target);

  test("is an executable of its processor, signed ad hoc over every page", () => {
    const { directory, signature, ...executable } = readMachO(file);
    expect(executable).toMatchObject({ cpu, fileType: 2 });
    expect(findFaults(file)).toEqual([]);
    expect(directory).toMatchObject({
      ...{ version: 0x20400, flags, identifier, hashType: 2, pageSize: 4096 },
      ...{ codeLimit: signature.offset, executableSegment: { base: 0, flags: 1 } },
    });
    expect(directory.pages.length).toBeGreaterThan(20_000);
  });

  test.each([
    ["the first page", () => 40, 0],
    ["a page of the program's own part", ({ length }: Buffer) => length - 20_000_000, undefined],
    [
      "the last byte that is hashed",
      (all: Buffer) => readMachO(all).signature.offset - 1,
      undefined,
    ],
  ])("is refused with one byte changed in %s", (_, locate, page) => {
    const changed = Buffer.from(file);
    const at = locate(changed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    const first = page ?? Math.floor(at / 4096);
    expect(findFaults(changed)).toContain(`1 wrong pages, the first is ${first}`);
  });

  test("is refused with bytes behind its signature", () => {
    const longer = Buffer.concat([file, Buffer.alloc(16)]);
    expect(findFaults(longer)).toEqual([
      `the signature ends at ${file.length}, the file at ${longer.length}`,
      `__LINKEDIT ends at ${file.length}`,
    ]);
  });
});

test.each(TARGETS.filter(({ name }) => name.startsWith("darwin-")))(
  "Bun for $name, with its makers' signature, has no fault either",
  (target) => {
    expect(findFaults(readFileSync(fetchRuntime(target)))).toEqual([]);
  },
);

describe("an ad-hoc signature", () => {
  const file = readProgram("darwin-x64");

  test("has a directory, empty requirements and no certificate, as codesign writes them", () => {
    const { blobs, directory } = readMachO(file);
    expect([...blobs.keys()]).toEqual([0, 2, 0x10000]);
    expect(blobs.get(2)?.toString("hex")).toBe("fade0c010000000c00000000");
    expect(blobs.get(0x10000)?.toString("hex")).toBe("fade0b0100000008");
    // The hash of empty requirements, as in every program that is signed ad hoc on a Mac.
    expect(directory.specials).toEqual(
      new Map([
        [1, "0".repeat(64)],
        [2, "987920904eab650e75788c054aa0b0524e6a80bfc71aa32df8d237a61743f986"],
      ]),
    );
  });

  test("is the same if the program already has it", () => {
    expect(signAdHoc(file, "latchkey").equals(file)).toBe(true);
  });

  test.each([
    ["a Linux program", () => readProgram("linux-x64-musl"), "not a thin 64-bit Mach-O file"],
    ["bytes behind the old one", () => Buffer.concat([file, Buffer.alloc(1)]), "not its last part"],
  ])("is not made for %s", (_, make, message) => {
    expect(() => signAdHoc(make(), "latchkey")).toThrow(message);
  });
});

describe.each([
  { target: "windows-x64", machine: 0x8664 },
  { target: "windows-arm64", machine: 0xaa64 },
])("$target", ({ target, machine }) => {
  const file = readProgram(target);

  test("is a complete 64-bit console program of its processor, without a signature that does not fit", () => {
    expect(readWindowsProgram(file)).toMatchObject({
      ...{ machine, form: 0x20b, subsystem: 3, isProgram: true, signatureSize: 0 },
      sections: expect.arrayContaining([
        expect.objectContaining({ name: ".text" }),
        expect.objectContaining({ name: ".bun" }),
      ]),
    });
    expect(findFaultsOfWindows(file)).toEqual([]);
  });

  test("is refused if its end is cut off", () => {
    expect(findFaultsOfWindows(file.subarray(0, -4096))).toEqual([".bun ends behind the file"]);
  });
});

describe.each([
  { target: "linux-x64", machine: 62 },
  { target: "linux-x64-musl", machine: 62 },
  { target: "linux-arm64", machine: 183 },
  { target: "linux-arm64-musl", machine: 183 },
])("$target", ({ target, machine }) => {
  const file = readProgram(target);
  const { entry, segments, ...program } = readLinuxProgram(file);
  const last = segments.at(-1);

  test("has its entry point in a separate last segment, which is aligned for any page size", () => {
    expect(program).toEqual({ type: 2, machine });
    expect(findFaultsOfLinux(file)).toEqual([]);
    expect(segments.filter(({ type }) => type === 1)).toHaveLength(4);
    expect(last).toMatchObject({ type: 1, flags: 5, address: entry, alignment: 0x10000 });
    expect((last?.offset ?? 0) + (last?.fileSize ?? 0)).toBe(file.length);
    expect(last?.fileSize).toBeLessThan(128);
  });

  test("is refused if its end is cut off, or if its entry point is elsewhere", () => {
    expect(findFaultsOfLinux(file.subarray(0, -8))).toEqual([
      `the segment at 0x${entry.toString(16)} ends behind the file`,
    ]);
    const elsewhere = Buffer.from(file);
    elsewhere.writeBigUInt64LE(0n, 24);
    expect(findFaultsOfLinux(elsewhere)).toEqual(["begins where nothing may be run"]);
  });
});

test.each(["linux-x64", "darwin-arm64", "windows-x64"])(
  "the built %s is refused by the step that adds code for a removed directory",
  (target) => {
    expect(() => bearLostDirectory(readProgram(target))).toThrow("not a Linux program");
  },
);
