import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { isWindows } from "../build/standalone/targets.ts";
import { nameArchive, nameArchiveFolder } from "./artefacts.ts";
import { listArchiveFiles, placeFiles } from "./contents.ts";
import { runTool, type Artefact, type Packing } from "./packing.ts";

/** Plans an archive of the program. It is made with this machine's tar and xz, or zip. */
export function planArchive(target: string, packing: Packing, shared: string): Artefact {
  const { version } = packing.release;
  return {
    kind: "archive",
    file: nameArchive(version, target),
    make: async (path) => {
      const place = mkdtempSync(join(packing.workplace, "archive-"));
      const folder = nameArchiveFolder(version, target);
      const files = listArchiveFiles(target, shared);
      placeFiles(join(place, folder), files);
      const names = files.map((file) => `${folder}/${file.path}`).toSorted();
      await (isWindows(target) ? zip : tar)({ path, place, names }, packing);
      rmSync(place, { recursive: true });
    },
  };
}

interface Archive {
  readonly path: string;
  /** The folder to which the names are relative. */
  readonly place: string;
  readonly names: readonly string[];
}

/**
 * Packs only files, sorted by name. All have the same time and owner, and a mode that depends only on whether the file
 * is executable.
 */
async function tar({ path, place, names }: Archive, packing: Packing): Promise<void> {
  const compressor = `xz --threads=1 ${packing.isQuick ? "-0" : "-6"}`;
  const same = ["--format=ustar", `--mtime=@${packing.epoch}`, "--mode=u=rwX,go=rX"];
  const owner = ["--owner=root:0", "--group=root:0"];
  await runTool([
    ...(["tar", "--create", `--file=${path}`, `--directory=${place}`] as const),
    ...[...same, ...owner, "--use-compress-program", compressor, ...names],
  ]);
}

/** Packs without extra fields, which contain owners and further times. Times in a zip have no time zone; these are UTC. */
async function zip({ path, place, names }: Archive, packing: Packing): Promise<void> {
  for (const name of names) utimesSync(join(place, name), packing.epoch, packing.epoch);
  const level = packing.isQuick ? "-1" : "-9";
  await runTool(["zip", "-q", "-X", level, path, "-@"], { cwd: place, input: names.join("\n") });
}
