import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { wrapInRoot } from "../../scripts/tools/platforms/debian-root.ts";
import { createHome } from "../support/home.ts";
import {
  describeLinuxProgram,
  expectColdAndHotCall,
  programWords,
  runIn,
  testInRoot,
} from "./support/linux.ts";

describeLinuxProgram({ target: "linux-x64", platform: "linux-x64" });
describeLinuxProgram({ target: "linux-x64-musl", platform: "linux-x64" });

/** The first processor with SSE 4.2 and POPCNT, of 2008. It has neither AVX nor BMI. */
const OLD_PROCESSOR = ["/usr/bin/qemu-x86_64", "-cpu", "Nehalem"];

describe("a processor of 2008", () => {
  testInRoot("has no AVX, even if this machine has it", async () => {
    const home = await createHome();
    const program = join(home.path, "avx");
    writeFileSync(program, createProgram("c5fdefc0"), { mode: 0o755 });
    const run = (cpu: string): Promise<{ exitCode: number }> => {
      const words = ["/usr/bin/qemu-x86_64", "-cpu", cpu, program];
      return runIn(home, wrapInRoot(words, { binds: { [home.path]: home.path } }));
    };
    expect((await run("max")).exitCode).toBe(0);
    // 255: a signal ended the program.
    expect((await run("Nehalem")).exitCode).toBe(255);
  });

  testInRoot("runs the program: --version, a cold and a hot call", async () => {
    const words = programWords("linux-x64", OLD_PROCESSOR);
    const home = await createHome();
    expect(await runIn(home, [...words, "--version"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(" linux-x64 bun-"),
    });
    await expectColdAndHotCall(words);
  });
});

/** Returns a minimal program for 64-bit Linux on x86: one instruction, then exit(0). */
function createProgram(instruction: string): Buffer {
  const code = Buffer.from(`${instruction}31ffb83c0000000f05`, "hex");
  const headers = Buffer.alloc(120);
  headers.write("7f454c46020101", "hex");
  const put = (size: 2 | 4, ...fields: ReadonlyArray<readonly [at: number, value: number]>): void =>
    fields.forEach(([at, value]) => headers.writeUIntLE(value, at, size));
  // A program (2) for x86-64 (62), whose one segment (readable, executable: 5) is this whole file.
  const length = headers.length + code.length;
  const address = 0x400000;
  put(2, [16, 2], [18, 62], [52, 64], [54, 56], [56, 1]);
  put(4, [20, 1], [24, address + headers.length], [32, 64], [64, 1], [68, 5]);
  put(4, [80, address], [88, address], [96, length], [104, length], [112, 0x1000]);
  return Buffer.concat([headers, code]);
}
