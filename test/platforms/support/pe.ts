/** Reads the headers of a Windows program: Microsoft's "PE Format". */

export interface WindowsProgram {
  readonly machine: number;
  /** 0x20b for PE32+, the 64-bit form. */
  readonly form: number;
  /** 3 for the console. */
  readonly subsystem: number;
  /** Whether the headers mark it as a program, and not as a library. */
  readonly isProgram: boolean;
  readonly entryPoint: number;
  /** The size of the Authenticode signature in bytes. */
  readonly signatureSize: number;
  readonly imageSize: number;
  readonly sections: readonly Section[];
}

interface Section {
  readonly name: string;
  readonly address: number;
  readonly memorySize: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

/** @throws Error if the file is not a Windows program */
export function readWindowsProgram(file: Buffer): WindowsProgram {
  const start = file.readUInt32LE(0x3c);
  const signature = file.toString("latin1", 0, 2) + file.toString("latin1", start, start + 4);
  if (signature !== "MZPE\0\0") throw new Error("no PE file");
  const header = file.subarray(start + 4, start + 24);
  const optional = file.subarray(start + 24, start + 24 + header.readUInt16LE(16));
  const flags = header.readUInt16LE(18);
  return {
    machine: header.readUInt16LE(0),
    form: optional.readUInt16LE(0),
    subsystem: optional.readUInt16LE(68),
    isProgram: (flags & 0x2002) === 0x2,
    entryPoint: optional.readUInt32LE(16),
    signatureSize: optional.readUInt32LE(112 + 4 * 8 + 4),
    imageSize: optional.readUInt32LE(56),
    sections: Array.from({ length: header.readUInt16LE(2) }, (_, index) =>
      readSection(file, start + 24 + optional.length + index * 40),
    ),
  };
}

function readSection(file: Buffer, at: number): Section {
  const [memorySize = 0, address = 0, fileSize = 0, fileOffset = 0] = [8, 12, 16, 20].map((field) =>
    file.readUInt32LE(at + field),
  );
  const name = file.toString("latin1", at, at + 8).replaceAll("\0", "");
  return { name, address, memorySize, fileOffset, fileSize };
}

/** Returns the reasons why Windows would not load the file. */
export function findFaults(file: Buffer): string[] {
  const { sections, entryPoint, imageSize } = readWindowsProgram(file);
  const code = sections.find(
    ({ address, memorySize }) => entryPoint >= address && entryPoint < address + memorySize,
  );
  const faults = sections.flatMap(({ name, address, memorySize, fileOffset, fileSize }, index) => {
    const before = sections[index - 1];
    const overlaps =
      before !== undefined &&
      (before.address + before.memorySize > address ||
        before.fileOffset + before.fileSize > fileOffset);
    return [
      ...(fileOffset + fileSize > file.length ? [`${name} ends behind the file`] : []),
      ...(address + memorySize > imageSize ? [`${name} ends behind the image`] : []),
      ...(overlaps ? [`${name} overlaps ${before.name}`] : []),
    ];
  });
  return [...faults, ...(code === undefined ? ["no section has the entry point"] : [])];
}
