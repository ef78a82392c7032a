// Runs Windows programs with Wine 10 in the Debian root.
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRootMade, locatePlatforms, wrapInRoot } from "../platforms/debian-root.ts";

/** The folder for Windows in the user's cache folder. For Windows programs it is `Z:\w`. */
const FOLDER = join(locatePlatforms(), "windows");
const INSIDE = "/w";

/** The paths in the folder for Windows. `note` contains how the prefix was made. */
export const WINDOWS = {
  folder: FOLDER,
  /** The copy of the checkout in which the tests run, with the `node_modules` for Windows. */
  checkout: join(FOLDER, "checkout"),
  clients: join(FOLDER, "clients"),
  prefix: join(FOLDER, "prefix"),
  node: join(FOLDER, "node.exe"),
  note: join(FOLDER, "note"),
  lock: join(FOLDER, "lock"),
} as const;

/** Wine 10 of Debian 13. Older versions of Wine lack memory functions that Node 24 and Bun need. */
export const WINE_PACKAGES = ["wine", "wine64"];

/** Change this when the set-up changes, so that the prefix is made again. */
export const WINDOWS_NOTE = "wine prefix, 1\n";

export function isWindowsSetUp(): boolean {
  return (
    isRootMade() && existsSync(WINDOWS.note) && readFileSync(WINDOWS.note, "utf8") === WINDOWS_NOTE
  );
}

/** Returns the Windows path of a file in the folder for Windows: `Z:\w\node.exe`. */
export function nameForWindows(path: string): string {
  return `Z:${path.replace(FOLDER, INSIDE)}`.replaceAll("/", "\\");
}

/**
 * Runs a command in the Debian root with Wine's environment, and prints its output as it arrives. All processes of Wine
 * are in a namespace of their own and end with the first process. `cwd` is below the folder for Windows.
 */
export async function runInWine(
  words: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<{ exitCode: number | null; stdout: string }> {
  const cwd = (options.cwd ?? FOLDER).replace(FOLDER, INSIDE);
  const apart = ["unshare", "--propagation", "unchanged", "--mount-proc"];
  const [program = "", ...argv] = wrapInRoot(
    [...apart, "--pid", "--fork", "--kill-child", "--", ...words],
    { binds: { [INSIDE]: FOLDER }, cwd },
  );
  mkdirSync(join(FOLDER, "run"), { recursive: true, mode: 0o700 });
  const outputs = mkdtempSync(join(tmpdir(), "latchkey-wine-"));
  // Output goes to files, because Node under Wine can't write to a Linux pipe.
  const stdout = openSync(join(outputs, "stdout"), "w+");
  const stderr = openSync(join(outputs, "stderr"), "w+");
  const child = spawn(program, argv, {
    env: { ...WINE_ENVIRONMENT, ...options.env },
    stdio: ["ignore", stdout, stderr],
  });
  // If the run is interrupted, Wine's processes end too.
  const end = () => process.exit(1);
  const kill = () => child.kill("SIGKILL");
  for (const signal of ENDS) process.once(signal, end);
  process.once("exit", kill);
  const copies = [copyAsItGrows(stdout, process.stdout), copyAsItGrows(stderr, process.stderr)];
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    const [text = ""] = copies.map((finish) => finish());
    return { exitCode, stdout: text };
  } finally {
    for (const signal of ENDS) process.off(signal, end);
    process.off("exit", kill);
    for (const descriptor of [stdout, stderr]) closeSync(descriptor);
    rmSync(outputs, { recursive: true, force: true });
  }
}

const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const WINE_ENVIRONMENT = {
  PATH: "/usr/lib/wine:/usr/bin:/bin",
  HOME: INSIDE,
  WINEPREFIX: `${INSIDE}/prefix`,
  WINEDEBUG: "-all",
  XDG_RUNTIME_DIR: `${INSIDE}/run`,
  // Node requires a newer Windows version than Wine reports.
  NODE_SKIP_PLATFORM_CHECK: "1",
  DISPLAY: "",
  LANG: "C.UTF-8",
};

/**
 * Copies a growing file to the stream, five times a second. The returned function stops the copying and returns the
 * whole text.
 */
function copyAsItGrows(descriptor: number, stream: NodeJS.WritableStream): () => string {
  const parts: Buffer[] = [];
  let offset = 0;
  const copy = () => {
    const buffer = Buffer.alloc(65_536);
    for (;;) {
      const count = readSync(descriptor, buffer, 0, buffer.length, offset);
      if (count === 0) return;
      const part = Buffer.from(buffer.subarray(0, count));
      offset += count;
      parts.push(part);
      stream.write(part);
    }
  };
  const timer = setInterval(copy, 200);
  return () => {
    clearInterval(timer);
    copy();
    return Buffer.concat(parts).toString("utf8");
  };
}
