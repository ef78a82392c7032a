import { createHash } from "node:crypto";

/**
 * Reads a thin 64-bit Mach-O executable and its code signature as a Mac's kernel does before it runs one (xnu,
 * bsd/kern/ubc_subr.c and osfmk/kern/cs_blobs.h). Shares no code with the signing, since it checks it.
 */

interface Segment {
  readonly name: string;
  readonly memorySize: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

interface CodeDirectory {
  readonly version: number;
  readonly flags: number;
  readonly identifier: string;
  readonly codeLimit: number;
  readonly pageSize: number;
  readonly hashType: number;
  readonly executableSegment: { readonly base: number; readonly limit: number; flags: number };
  /** The hash of each page. */
  readonly pages: readonly string[];
  /** The hash of each special slot, by its number: 2 is the requirements. */
  readonly specials: ReadonlyMap<number, string>;
}

export interface MachO {
  readonly cpu: number;
  readonly fileType: number;
  readonly segments: readonly Segment[];
  readonly signature: { readonly offset: number; readonly size: number };
  readonly directory: CodeDirectory;
  /** The parts of the signature by their slots: 0 the directory, 2 the requirements, 0x10000 the certificate's. */
  readonly blobs: ReadonlyMap<number, Buffer>;
}

const COMMAND = { segment: 0x19, codeSignature: 0x1d } as const;

/** @throws Error if the file is not Mach-O, or has no signature */
export function readMachO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error("no 64-bit Mach-O file");
  const commands = readCommands(file);
  const signing = commands.find(({ kind }) => kind === COMMAND.codeSignature)?.body;
  if (signing === undefined) throw new Error("no signature");
  const signature = { offset: signing.readUInt32LE(8), size: signing.readUInt32LE(12) };
  const blobs = readBlobs(file.subarray(signature.offset, signature.offset + signature.size));
  const directory = blobs.get(0);
  if (directory === undefined) throw new Error("the signature has no directory");
  return {
    cpu: file.readUInt32LE(4),
    fileType: file.readUInt32LE(12),
    segments: commands
      .filter(({ kind }) => kind === COMMAND.segment)
      .map(({ body }) => readSegment(body)),
    signature,
    directory: readDirectory(directory),
    blobs,
  };
}

/** Returns the reasons why a Mac would not run the file; none if its signature is right. */
export function findFaults(file: Buffer): string[] {
  const executable = readMachO(file);
  return [
    ...findFaultsOfPlace(executable, file.length),
    ...findFaultsOfPages(executable, file),
    ...findFaultsOfSpecials(executable),
  ];
}

function findFaultsOfPlace({ segments, signature, directory }: MachO, fileSize: number): string[] {
  const linkedit = segments.find(({ name }) => name === "__LINKEDIT");
  const text = segments.find(({ name }) => name === "__TEXT");
  const end = signature.offset + signature.size;
  const linkeditEnd = (linkedit?.fileOffset ?? 0) + (linkedit?.fileSize ?? 0);
  const { executableSegment } = directory;
  const beyond = segments.filter((each) => each.fileOffset + each.fileSize > fileSize);
  const small = segments.filter((each) => each.memorySize < each.fileSize);
  return [
    ...(end === fileSize ? [] : [`the signature ends at ${end}, the file at ${fileSize}`]),
    ...(signature.offset % 16 === 0 ? [] : [`the signature begins at ${signature.offset}`]),
    ...(linkeditEnd === fileSize ? [] : [`__LINKEDIT ends at ${linkeditEnd}`]),
    ...(executableSegment.base === text?.fileOffset ? [] : ["the code begins elsewhere"]),
    ...(executableSegment.limit === text?.fileSize ? [] : ["the code ends elsewhere"]),
    ...beyond.map(({ name }) => `${name} ends behind the file`),
    ...small.map(({ name }) => `${name} has less room in memory than in the file`),
  ];
}

function findFaultsOfPages({ signature, directory }: MachO, file: Buffer): string[] {
  const { codeLimit, pageSize, pages } = directory;
  const count = Math.ceil(codeLimit / pageSize);
  const wrong = pages.flatMap((expected, index) => {
    const page = file.subarray(index * pageSize, Math.min((index + 1) * pageSize, codeLimit));
    return sha256(page) === expected ? [] : [index];
  });
  return [
    ...(codeLimit === signature.offset ? [] : [`the hashes cover ${codeLimit} bytes`]),
    ...(pages.length === count ? [] : [`${pages.length} hashes for ${count} pages`]),
    ...(wrong.length === 0 ? [] : [`${wrong.length} wrong pages, the first is ${wrong[0]}`]),
  ];
}

/** Checks that each special slot has the hash of its part of the signature, or is empty. */
function findFaultsOfSpecials({ directory, blobs }: MachO): string[] {
  const isRight = (slot: number, hash: string): boolean => {
    const blob = blobs.get(slot);
    return blob === undefined ? /^0+$/.test(hash) : sha256(blob) === hash;
  };
  const hashed = [...directory.specials].filter(([slot, hash]) => !isRight(slot, hash));
  const requirements = blobs.has(2) && !directory.specials.has(2);
  return [
    ...hashed.map(([slot]) => `special slot ${slot} does not fit`),
    ...(requirements ? ["the requirements are not hashed"] : []),
  ];
}

function readCommands(file: Buffer): Array<{ kind: number; body: Buffer }> {
  const count = file.readUInt32LE(16);
  const end = 32 + file.readUInt32LE(20);
  const commands: Array<{ kind: number; body: Buffer }> = [];
  for (let at = 32; at < end;) {
    const body = file.subarray(at, at + file.readUInt32LE(at + 4));
    commands.push({ kind: body.readUInt32LE(0), body });
    at += body.length;
  }
  if (commands.length !== count) throw new Error(`${commands.length} commands of ${count}`);
  return commands;
}

function readSegment(body: Buffer): Segment {
  return {
    name: body.toString("latin1", 8, 24).replaceAll("\0", ""),
    memorySize: Number(body.readBigUInt64LE(32)),
    fileOffset: Number(body.readBigUInt64LE(40)),
    fileSize: Number(body.readBigUInt64LE(48)),
  };
}

function readBlobs(signature: Buffer): Map<number, Buffer> {
  const whole = readBlob(signature, 0, 0xfade0cc0);
  const count = whole.readUInt32BE(8);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const entry = 12 + index * 8;
      return [whole.readUInt32BE(entry), readBlob(whole, whole.readUInt32BE(entry + 4))];
    }),
  );
}

function readBlob(bytes: Buffer, offset: number, magic = bytes.readUInt32BE(offset)): Buffer {
  if (bytes.readUInt32BE(offset) !== magic) throw new Error("no signature where it should be");
  const length = bytes.readUInt32BE(offset + 4);
  if (offset + length > bytes.length) throw new Error("a part of the signature is cut off");
  return bytes.subarray(offset, offset + length);
}

function readDirectory(blob: Buffer): CodeDirectory {
  if (blob.readUInt32BE(0) !== 0xfade0c02) throw new Error("the first part is no directory");
  const [version = 0, flags = 0, hashes = 0, identifier = 0, specials = 0, pages = 0, limit = 0] =
    Array.from({ length: 7 }, (_, index) => blob.readUInt32BE(8 + index * 4));
  const hashSize = blob.readUInt8(36);
  const readHash = (slot: number): string => {
    const at = hashes + slot * hashSize;
    return blob.toString("hex", at, at + hashSize);
  };
  const readLong = (at: number): number => Number(blob.readBigUInt64BE(at));
  return {
    version,
    flags,
    identifier: blob.toString("utf8", identifier, blob.indexOf(0, identifier)),
    codeLimit: limit,
    pageSize: 2 ** blob.readUInt8(39),
    hashType: blob.readUInt8(37),
    executableSegment: { base: readLong(64), limit: readLong(72), flags: readLong(80) },
    pages: Array.from({ length: pages }, (_, index) => readHash(index)),
    specials: new Map(Array.from({ length: specials }, (_, at) => [at + 1, readHash(-at - 1)])),
  };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
