// Lets a Linux program start in a deleted working directory. Bun asks for the directory's path before any of latchkey's
// code runs, and exits if there is none (decision 32). So a few instructions are added before the runtime's first
// instruction. Offsets and sizes are from ELF (elf.h), in bytes.

const MACHINE = { x64: 62, arm64: 183 } as const;
const FIXED_ADDRESSES = 2;
const PT_LOAD = 1;
const PT_NOTE = 4;
const READ_AND_EXECUTE = 5;
/** The largest page size on Linux. Every segment begins at a page boundary. */
const PAGE_BYTES = 0x10000;

const AT = { type: 16, machine: 18, entry: 24, headers: 32, headerBytes: 54, headerCount: 56 };
const IN_HEADER = { type: 0, flags: 4, offset: 8, address: 16, memoryBytes: 40 };

/** A placeholder in the code for the address at which the runtime begins. */
const ENTRY = "eeeeeeee";

/**
 * The code, the same for both processors:
 *
 *     if getcwd gives a path that begins with "/": go on       (otherwise the directory or its mount was removed)
 *     open(".", O_PATH | O_CLOEXEC)                            (src/fs/descriptor.ts finds it)
 *     chdir("/proc/self/fdinfo")                               (has a path, and no file there could be read by mistake)
 *     go on: jump to the program's original entry
 *
 * At that point the loader has already run. The stack and the register with the loader's exit function belong to the
 * program, so the code leaves both unchanged.
 */
const CODE: Readonly<Record<number, readonly string[]>> = {
  [MACHINE.x64]: [
    "4989d1", // mov r9, rdx                 the loader's exit function; the kernel keeps r9
    "4881ec00100000", // sub rsp, 4096
    "4889e7", // mov rdi, rsp
    "be00100000", // mov esi, 4096
    "b84f000000", // mov eax, 79             getcwd
    "0f05", // syscall
    "8a0c24", // mov cl, [rsp]
    "4881c400100000", // add rsp, 4096
    "4885c0", // test rax, rax
    "7e05", // jle gone
    "80f92f", // cmp cl, "/"
    "7426", // je on
    "488d3529000000", // gone: lea rsi, [dot]
    "bf9cffffff", // mov edi, -100           AT_FDCWD
    "ba00002800", // mov edx, 0x280000       O_PATH | O_CLOEXEC
    "b801010000", // mov eax, 257            openat
    "0f05", // syscall
    "488d3d13000000", // lea rdi, [place]
    "b850000000", // mov eax, 80             chdir
    "0f05", // syscall
    "4c89ca", // on: mov rdx, r9
    `b8${ENTRY}`, // mov eax, entry
    "ffe0", // jmp rax
    "2e00", // dot: "."
    toHex("/proc/self/fdinfo\0"), // place
  ],
  [MACHINE.arm64]: [
    "e90300aa", // mov x9, x0                the loader's exit function; the kernel keeps x9
    "ff0740d1", // sub sp, sp, 4096
    "e0030091", // mov x0, sp
    "010082d2", // mov x1, 4096
    "280280d2", // mov x8, 17                getcwd
    "010000d4", // svc 0
    "ea034039", // ldrb w10, [sp]
    "ff074091", // add sp, sp, 4096
    "1f0400f1", // cmp x0, 1
    "6b000054", // b.lt gone
    "5fbd0071", // cmp w10, "/"
    "20010054", // b.eq on
    "600c8092", // gone: mov x0, -100        AT_FDCWD
    "61010010", // adr x1, dot
    "0205a052", // mov w2, 0x280000          O_PATH | O_CLOEXEC
    "080780d2", // mov x8, 56                openat
    "010000d4", // svc 0
    "e0000050", // adr x0, place
    "280680d2", // mov x8, 49                chdir
    "010000d4", // svc 0
    "e00309aa", // on: mov x0, x9
    "50000018", // ldr w16, entry
    "00021fd6", // br x16
    ENTRY,
    "2e00", // dot: "."
    toHex("/proc/self/fdinfo\0"), // place
  ],
};

/**
 * Returns the program with this code before its own code. The segment of the new code uses the program header of the
 * build note.
 * @throws Error if the program is not an ELF file that can be changed in this way
 */
export function bearLostDirectory(program: Buffer): Buffer {
  const code = CODE[program.readUInt16LE(AT.machine)];
  const headers = listHeaders(program);
  const note = headers.find((header) => header.readUInt32LE(IN_HEADER.type) === PT_NOTE);
  const isElf = program.readUInt32BE(0) === 0x7f454c46;
  const isFixed = program.readUInt16LE(AT.type) === FIXED_ADDRESSES;
  if (!isElf || !isFixed || code === undefined || note === undefined)
    throw new Error("not a Linux program that can get code before its own");
  const bytes = Buffer.from(code.join("").replace(ENTRY, readEntry(program)), "hex");
  const offset = alignUp(program.length);
  const address = alignUp(Math.max(...headers.map(findEnd)));
  const changed = Buffer.concat([program, Buffer.alloc(offset - program.length), bytes]);
  const at = note.byteOffset - program.byteOffset;
  changed.writeUInt32LE(PT_LOAD, at + IN_HEADER.type);
  changed.writeUInt32LE(READ_AND_EXECUTE, at + IN_HEADER.flags);
  const { offset: first } = IN_HEADER;
  [offset, address, address, bytes.length, bytes.length, PAGE_BYTES].forEach((value, index) =>
    changed.writeBigUInt64LE(BigInt(value), at + first + 8 * index),
  );
  changed.writeBigUInt64LE(BigInt(address), AT.entry);
  return changed;
}

function listHeaders(program: Buffer): Buffer[] {
  const size = program.readUInt16LE(AT.headerBytes);
  const first = Number(program.readBigUInt64LE(AT.headers));
  return Array.from({ length: program.readUInt16LE(AT.headerCount) }, (_, index) =>
    program.subarray(first + index * size, first + (index + 1) * size),
  );
}

/** Returns where the header's segment ends in memory; 0 if the segment is not loaded. */
function findEnd(header: Buffer): number {
  if (header.readUInt32LE(IN_HEADER.type) !== PT_LOAD) return 0;
  return Number(
    header.readBigUInt64LE(IN_HEADER.address) + header.readBigUInt64LE(IN_HEADER.memoryBytes),
  );
}

/** Returns the four bytes of the program's entry address, in hexadecimal, as they are written into the code. */
function readEntry(program: Buffer): string {
  if (program.readUInt32LE(AT.entry + 4) !== 0) throw new Error("the program begins above 4 GiB");
  return program.toString("hex", AT.entry, AT.entry + 4);
}

function alignUp(number: number): number {
  return Math.ceil(number / PAGE_BYTES) * PAGE_BYTES;
}

function toHex(text: string): string {
  return Buffer.from(text).toString("hex");
}
