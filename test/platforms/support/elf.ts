/**
 * Reads the headers of a 64-bit Linux program as the kernel does before it runs one (fs/binfmt_elf.c). Shares no code with
 * the module that changes them, since it checks it.
 */

interface Segment {
  /** 1 is a loaded segment, 6 is the table of segments. */
  readonly type: number;
  /** 1 executable, 2 writable, 4 readable. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

interface LinuxProgram {
  /** 2 is a program at fixed addresses. */
  readonly type: number;
  readonly machine: number;
  readonly entry: number;
  readonly segments: readonly Segment[];
}

const LOADED = 1;
const TABLE = 6;
const EXECUTABLE = 1;
const WRITABLE_AND_EXECUTABLE = 3;

/** @throws Error if the file is not a Linux program */
export function readLinuxProgram(file: Buffer): LinuxProgram {
  if (file.toString("hex", 0, 6) !== "7f454c460201") throw new Error("no 64-bit ELF file");
  const first = readLong(file, 32);
  return {
    type: file.readUInt16LE(16),
    machine: file.readUInt16LE(18),
    entry: readLong(file, 24),
    segments: Array.from({ length: file.readUInt16LE(56) }, (_, index) =>
      readSegment(file, first + index * 56),
    ),
  };
}

function readSegment(file: Buffer, at: number): Segment {
  return {
    type: file.readUInt32LE(at),
    flags: file.readUInt32LE(at + 4),
    offset: readLong(file, at + 8),
    address: readLong(file, at + 16),
    fileSize: readLong(file, at + 32),
    memorySize: readLong(file, at + 40),
    alignment: readLong(file, at + 48),
  };
}

function readLong(file: Buffer, at: number): number {
  return Number(file.readBigUInt64LE(at));
}

/** Returns the reasons why a kernel would not run the program correctly; none are expected. */
export function findFaults(file: Buffer): string[] {
  const { entry, segments } = readLinuxProgram(file);
  const loaded = segments.filter(({ type }) => type === LOADED);
  const findHolder = (address: number): Segment | undefined =>
    loaded.find((each) => address >= each.address && address < each.address + each.memorySize);
  const table = segments.find(({ type }) => type === TABLE);
  const canBegin = ((findHolder(entry)?.flags ?? 0) & EXECUTABLE) !== 0;
  const sectionsEnd = readLong(file, 40) + file.readUInt16LE(58) * file.readUInt16LE(60);
  return [
    ...loaded.flatMap((segment, index) => findSegmentFaults(file, segment, loaded[index - 1])),
    ...(canBegin ? [] : ["begins where nothing may be run"]),
    ...(findHolder(table?.address ?? 0) ? [] : ["the table of segments is not loaded"]),
    ...(sectionsEnd > file.length ? ["the table of sections ends behind the file"] : []),
  ];
}

/** @param before the segment that is loaded before this one */
function findSegmentFaults(file: Buffer, segment: Segment, before: Segment | undefined): string[] {
  const { address, offset, fileSize, memorySize, alignment, flags } = segment;
  const name = `the segment at 0x${address.toString(16)}`;
  const isWritableCode = (flags & WRITABLE_AND_EXECUTABLE) === WRITABLE_AND_EXECUTABLE;
  const endBefore = before === undefined ? 0 : before.address + before.memorySize;
  return [
    ...(offset + fileSize > file.length ? [`${name} ends behind the file`] : []),
    ...(fileSize > memorySize ? [`${name} has more of the file than memory`] : []),
    ...((address - offset) % alignment === 0 ? [] : [`${name} is not at a page of the file`]),
    ...(isWritableCode ? [`${name} may be written and run`] : []),
    ...(address < endBefore ? [`${name} is not behind the one before it`] : []),
  ];
}
