import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT, ENTRY } from "../../test/support/checkout.ts";
import { isWindows, locateExecutable } from "../build/standalone/targets.ts";

/** Lists the files of archives and packages, with their paths in the archive or package. */

export interface PackedFile {
  /** The absolute path of the file to pack. */
  readonly source: string;
  /** The file's path, relative to the archive's folder or to a package's root. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
}

const MAN_PAGES = join(CHECKOUT, "dist", "man");

/** The paths of the completions below `share/`. The shells look for completions at these paths. */
const COMPLETIONS = {
  bash: "bash-completion/completions/latchkey",
  zsh: "zsh/site-functions/_latchkey",
  fish: "fish/vendor_completions.d/latchkey.fish",
} as const;

/** Returns the files of a target's archive. @param shared the folder into which `writeSharedFiles` has written */
export function listArchiveFiles(target: string, shared: string): PackedFile[] {
  const licences = [
    pack(join(CHECKOUT, "LICENSE"), "LICENSE"),
    pack(join(CHECKOUT, "dist-standalone", "THIRD-PARTY-NOTICES.txt"), "THIRD-PARTY-NOTICES.txt"),
  ];
  const program = join(CHECKOUT, locateExecutable(target));
  if (isWindows(target))
    return [{ source: program, path: "latchkey.exe", mode: 0o755 }, ...licences];
  return [
    { source: program, path: "bin/latchkey", mode: 0o755 },
    ...licences,
    pack(join(CHECKOUT, "CHANGELOG.md"), "CHANGELOG.md"),
    ...listManPages().map((name) => pack(join(MAN_PAGES, name), `share/man/man1/${name}`)),
    ...Object.values(COMPLETIONS).map((path) => pack(join(shared, path), `share/${path}`)),
  ];
}

/** Returns the names of the built man pages: `latchkey.1`, `latchkey-login.1` and so on. */
export function listManPages(): string[] {
  return readdirSync(MAN_PAGES).toSorted();
}

/** Writes the completions, which the built program prints. All targets have the same completions. */
export function writeSharedFiles(folder: string): void {
  for (const [shell, path] of Object.entries(COMPLETIONS)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // The settings of this machine's user must not affect the output.
    const env = { HOME: folder };
    writeFileSync(file, execFileSync(process.execPath, [ENTRY, "completion", shell], { env }));
  }
}

/** Copies the files to their paths below `root`, with their modes. The umask does not affect the modes. */
export function placeFiles(root: string, files: readonly PackedFile[]): void {
  for (const { source, path, mode } of files) {
    const file = join(root, path);
    makeFolder(dirname(file));
    copyFileSync(source, file);
    chmodSync(file, mode);
  }
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}

function pack(source: string, path: string): PackedFile {
  return { source, path, mode: 0o644 };
}
