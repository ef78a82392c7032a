import { dirname, join } from "node:path";
import { readConfigDocument } from "../aws-config/file.ts";
import { findForeignFormat } from "../aws-config/foreign-format.ts";
import type { Context } from "../context.ts";
import { configError } from "../errors.ts";
import { readIfPresent, statIfPresent } from "../fs/read.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { readAwsSso, type ToolFile } from "./aws-sso/read.ts";
import { readAwsSsoUtil } from "./aws-sso-utility.ts";
import { readAwsVault } from "./aws-vault.ts";
import type { ToolReading } from "./entry.ts";
import { parseGrantedConfig, readGranted } from "./granted.ts";

/** Where each tool keeps what it knows, and what is read of it. Nothing of theirs is changed. */

export const TOOLS = ["granted", "aws-sso", "aws-vault", "aws-sso-util"] as const;
export type Tool = (typeof TOOLS)[number];

/** YAML and TOML that people write are kilobytes; a listing of ten thousand roles is megabytes. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

interface FoundTool extends ToolReading {
  /** The files that were looked at, in the order in which they were. */
  readonly looked: readonly string[];
}

/**
 * @param from the tool's file where it lies elsewhere: config.yaml of aws-sso, an AWS config of the others.
 * @throws LatchkeyError CONFIG_INVALID where nothing of the tool is there, or its file can't be read.
 */
export async function readTool(
  context: Context,
  tool: Tool,
  { source, from }: { readonly source: ConfigSource; readonly from: string | undefined },
): Promise<FoundTool> {
  if (from !== undefined && statIfPresent(from) === undefined)
    throw configError(`There is no file ${from}.`, "Check the path behind --from.");
  const config =
    from === undefined || tool === "aws-sso"
      ? source
      : { file: from, document: readConfigDocument(from) };
  const found = await READERS[tool](context, config, from);
  const isOther = from !== undefined && found.roles.length + found.left.length > 0;
  if (found.isFound || isOther) return found;
  throw configError(
    `Nothing of ${tool} was found in ${found.looked.join(", ")}.`,
    from === undefined
      ? "If its file lies elsewhere, add --from FILE"
      : "Name another file, or leave --from out.",
  );
}

type Reader = (
  context: Context,
  config: ConfigSource,
  from: string | undefined,
) => Promise<FoundTool>;

const readGrantedFiles: Reader = async ({ home, env }, config) => {
  const file = readToolFile(join(findDirectory(home, env["XDG_CONFIG_HOME"], GRANTED), "config"));
  const { signIns, left } =
    file.text === undefined
      ? { signIns: [], left: [] }
      : await parseGrantedConfig(file.text, file.path);
  const reading = readGranted(config, signIns);
  return { ...reading, left: [...left, ...reading.left], looked: [config.file, file.path] };
};

const readAwsSsoFiles: Reader = async ({ home, env }, config, from) => {
  const directory = findDirectory(home, env["XDG_CONFIG_HOME"] ?? join(home, ".config"), AWS_SSO);
  const path = from ?? env["AWS_SSO_CONFIG"] ?? join(directory, "config.yaml");
  const file = readToolFile(resolveHome(home, path));
  const cache = readToolFile(join(dirname(file.path), "cache.json"), MAX_CACHE_BYTES);
  const files = { config: keepPresent(file), cache: keepPresent(cache) };
  const reading = await readAwsSso(config, files, env);
  return { ...reading, looked: [file.path, cache.path, config.file] };
};

const READERS: Readonly<Record<Tool, Reader>> = {
  granted: readGrantedFiles,
  "aws-sso": readAwsSsoFiles,
  "aws-vault": (_, config) => Promise.resolve({ ...readAwsVault(config), looked: [config.file] }),
  "aws-sso-util": ({ env }, config) =>
    Promise.resolve({ ...readAwsSsoUtil(config, env), looked: [config.file] }),
};

const GRANTED = { old: ".granted", name: "granted" };
const AWS_SSO = { old: ".aws-sso", name: "aws-sso" };

/** Both go by their old directory where there is one, else by XDG_CONFIG_HOME. */
function findDirectory(
  home: string,
  root: string | undefined,
  { old, name }: { readonly old: string; readonly name: string },
): string {
  const former = join(home, old);
  const isFormer = root === undefined || root === "" || statIfPresent(former) !== undefined;
  return isFormer ? former : join(root, name);
}

function resolveHome(home: string, path: string): string {
  return path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

interface LookedFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** @throws LatchkeyError CONFIG_INVALID for one that is too large, encrypted, or no file. */
function readToolFile(path: string, maxBytes = MAX_CONFIG_BYTES): LookedFile {
  const bytes = readIfPresent(path, maxBytes);
  const foreign = bytes === undefined ? undefined : findForeignFormat(bytes);
  if (foreign !== undefined) throw configError(`${path} ${foreign.what}.`, `${foreign.cure}.`);
  return { path, text: bytes?.toString("utf8").replace(/^\ufeff/, "") };
}

function keepPresent({ path, text }: LookedFile): ToolFile | undefined {
  return text === undefined ? undefined : { path, text };
}
