import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { isWindows } from "../build/standalone/targets.ts";
import { nameArchive, nameArchiveFolder } from "./artefacts.ts";
import { listArchiveFiles, placeFiles } from "./contents.ts";
import { runTool, type Artefact, type Packing } from "./packing.ts";

/** The program as an archive to unpack anywhere: by the system's tar and xz, or zip. */
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
  /** Where the names are looked for. */
  readonly place: string;
  readonly names: readonly string[];
}

/** Files alone, in the order of their names, each with the same time, owner and, by its kind, mode. */
async function tar({ path, place, names }: Archive, packing: Packing): Promise<void> {
  const compressor = `xz --threads=1 ${packing.isQuick ? "-0" : "-6"}`;
  const same = ["--format=ustar", `--mtime=@${packing.epoch}`, "--mode=u=rwX,go=rX"];
  const owner = ["--owner=root:0", "--group=root:0"];
  await runTool([
    ...(["tar", "--create", `--file=${path}`, `--directory=${place}`] as const),
    ...[...same, ...owner, "--use-compress-program", compressor, ...names],
  ]);
}

/** Without the extra fields, which hold owners and more times. A time in a zip has no zone: it is UTC. */
async function zip({ path, place, names }: Archive, packing: Packing): Promise<void> {
  for (const name of names) utimesSync(join(place, name), packing.epoch, packing.epoch);
  const level = packing.isQuick ? "-1" : "-9";
  await runTool(["zip", "-q", "-X", level, path, "-@"], { cwd: place, input: names.join("\n") });
}
