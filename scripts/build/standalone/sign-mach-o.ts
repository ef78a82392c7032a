// Signs a Mach-O executable ad hoc, as `codesign --sign -` does on a Mac. Bun signs its executables for Apple silicon.
// In executables for Intel it leaves its runtime's signature, which is no longer valid, and macOS kills such a program.
// The layout is from Apple's xnu, osfmk/kern/cs_blobs.h; sizes and offsets are in bytes.
import { createHash } from "node:crypto";

const MACH_O_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

const PAGE_BITS = 12;
const PAGE_BYTES = 1 << PAGE_BITS;
const HASH_BYTES = 32;
const SHA256 = 2;
const AD_HOC = 0x2;
const MAIN_BINARY = 1n;

/** The first version of the directory that contains the position of the executable segment. */
const DIRECTORY_VERSION = 0x20400;
const DIRECTORY_BYTES = 88;

const MAGIC = {
  signature: 0xfade0cc0,
  directory: 0xfade0c02,
  requirements: 0xfade0c01,
  cms: 0xfade0b01,
} as const;
const SLOT = { directory: 0, requirements: 2, cms: 0x10000 } as const;

/** The offsets and values of load commands that depend on the signature. */
interface Layout {
  readonly signatureCommand: number;
  readonly signatureOffset: number;
  readonly linkeditCommand: number;
  readonly textBytes: bigint;
}

/**
 * Returns the executable with its signature replaced by an ad-hoc one.
 * @throws Error if it is not a thin 64-bit Mach-O file whose last part is a signature
 */
export function signAdHoc(executable: Buffer, identifier: string): Buffer {
  const layout = findLayout(executable);
  const code = Buffer.from(executable.subarray(0, layout.signatureOffset));
  const name = Buffer.from(`${identifier}\0`);
  const signatureBytes = alignUp(measureSignature(code.length, name.length), 16);
  // The load commands contain the signature's size. They are in the first page, so they are set before that page is hashed.
  writeSizes(code, layout, signatureBytes);
  const signature = createSignature(code, name, layout.textBytes);
  return Buffer.concat([code, signature, Buffer.alloc(signatureBytes - signature.length)]);
}

function findLayout(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== MACH_O_64) throw new Error("not a thin 64-bit Mach-O file");
  const commands = listCommands(file);
  const signatureCommand = commands.find((at) => file.readUInt32LE(at) === LC_CODE_SIGNATURE);
  const findSegment = (name: string): number | undefined =>
    commands.find((at) => isSegment(file, at) && readName(file, at) === name);
  const linkeditCommand = findSegment("__LINKEDIT");
  const textCommand = findSegment("__TEXT");
  if (signatureCommand === undefined || linkeditCommand === undefined || textCommand === undefined)
    throw new Error("the Mach-O file has no place for a signature");
  const signatureOffset = file.readUInt32LE(signatureCommand + 8);
  const end = signatureOffset + file.readUInt32LE(signatureCommand + 12);
  if (end !== file.length || signatureOffset % 16 !== 0)
    throw new Error("the Mach-O file's signature is not its last part");
  const textBytes = file.readBigUInt64LE(textCommand + 48);
  return { signatureCommand, signatureOffset, linkeditCommand, textBytes };
}

/** Returns the offset of each load command. */
function listCommands(file: Buffer): number[] {
  const offsets: number[] = [];
  let at = HEADER_BYTES;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    offsets.push(at);
    at += file.readUInt32LE(at + 4);
  }
  return offsets;
}

function isSegment(file: Buffer, at: number): boolean {
  return file.readUInt32LE(at) === LC_SEGMENT_64;
}

function readName(file: Buffer, at: number): string {
  return file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
}

/** Writes the size of the signature, and the size of the segment that ends with the signature. */
function writeSizes(code: Buffer, layout: Layout, signatureBytes: number): void {
  const { linkeditCommand: linkedit, signatureCommand, signatureOffset } = layout;
  code.writeUInt32LE(signatureBytes, signatureCommand + 12);
  const segmentBytes =
    signatureOffset + signatureBytes - Number(code.readBigUInt64LE(linkedit + 40));
  code.writeBigUInt64LE(BigInt(alignUp(segmentBytes, PAGE_BYTES)), linkedit + 32);
  code.writeBigUInt64LE(BigInt(segmentBytes), linkedit + 48);
}

function measureSignature(codeBytes: number, nameBytes: number): number {
  const pages = Math.ceil(codeBytes / PAGE_BYTES);
  const directory = DIRECTORY_BYTES + nameBytes + (SLOT.requirements + pages) * HASH_BYTES;
  return 12 + 3 * 8 + directory + 12 + 8;
}

/** Returns an ad-hoc signature. It contains one directory of hashes, no requirements, and no certificate. */
function createSignature(code: Buffer, name: Buffer, textBytes: bigint): Buffer {
  const requirements = createBlob(MAGIC.requirements, toBigEndian(0));
  const parts: ReadonlyArray<readonly [slot: number, blob: Buffer]> = [
    [SLOT.directory, createDirectory(code, name, { requirements, textBytes })],
    [SLOT.requirements, requirements],
    [SLOT.cms, createBlob(MAGIC.cms, Buffer.alloc(0))],
  ];
  let offset = 12 + parts.length * 8;
  const index = parts.map(([slot, blob]) => {
    const entry = toBigEndian(slot, offset);
    offset += blob.length;
    return entry;
  });
  const blobs = parts.map(([, blob]) => blob);
  return createBlob(
    MAGIC.signature,
    Buffer.concat([toBigEndian(parts.length), ...index, ...blobs]),
  );
}

function createDirectory(
  code: Buffer,
  name: Buffer,
  { requirements, textBytes }: { readonly requirements: Buffer; readonly textBytes: bigint },
): Buffer {
  // The hashes of the slots below zero, from the last to the first: the requirements, and an Info.plist, which is
  // missing here.
  const special = [hash(requirements), Buffer.alloc(HASH_BYTES)];
  const pages: Buffer[] = [];
  for (let at = 0; at < code.length; at += PAGE_BYTES)
    pages.push(hash(code.subarray(at, at + PAGE_BYTES)));
  const firstHash = DIRECTORY_BYTES + name.length + special.length * HASH_BYTES;
  const counts = [firstHash, DIRECTORY_BYTES, special.length, pages.length, code.length];
  const kinds = Buffer.from([HASH_BYTES, SHA256, 0, PAGE_BITS]);
  // Zeros mean: no scattered pages, no team, and at most 4 GiB.
  const absent = Buffer.alloc(24);
  const executableSegment = Buffer.alloc(24);
  executableSegment.writeBigUInt64BE(textBytes, 8);
  executableSegment.writeBigUInt64BE(MAIN_BINARY, 16);
  return createBlob(
    MAGIC.directory,
    Buffer.concat([
      toBigEndian(DIRECTORY_VERSION, AD_HOC, ...counts),
      ...[kinds, absent, executableSegment, name],
      ...special,
      ...pages,
    ]),
  );
}

function createBlob(magic: number, content: Buffer): Buffer {
  return Buffer.concat([toBigEndian(magic, 8 + content.length), content]);
}

/** Returns the numbers as 32 bits each. */
function toBigEndian(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => bytes.writeUInt32BE(number, index * 4));
  return bytes;
}

function hash(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function alignUp(number: number, unit: number): number {
  return Math.ceil(number / unit) * unit;
}
