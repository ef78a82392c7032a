import { dirname, join } from "node:path";
import { readConfigDocument } from "../aws-config/file.ts";
import { findForeignFormat } from "../aws-config/foreign-format.ts";
import type { Context } from "../context.ts";
import { configError } from "../errors.ts";
import { readIfPresent, statIfPresent } from "../fs/read.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { readText } from "../text/json.ts";
import { readAwsSso, type ToolFile } from "./aws-sso/read.ts";
import { readAwsSsoUtil } from "./aws-sso-utility.ts";
import { readAwsVault } from "./aws-vault.ts";
import type { ToolReading } from "./entry.ts";
import { parseGrantedConfig, readGranted } from "./granted.ts";

/** Finds and reads each tool's files. latchkey never changes them. */

const TOOLS = ["granted", "aws-sso", "aws-vault", "aws-sso-util"] as const;
export type Tool = (typeof TOOLS)[number];
/** The names that the command accepts; aws-sso can also be given by its project's name. */
export const TOOL_NAMES: readonly string[] = [...TOOLS, "aws-sso-cli"];

/** @param name one of TOOL_NAMES. */
export function toTool(name: string): Tool {
  return TOOLS.find((tool) => tool === name) ?? "aws-sso";
}

/** The maximum size of files in YAML and TOML, which people write by hand. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

interface FoundTool extends ToolReading {
  /** The files that were searched, in order. */
  readonly looked: readonly string[];
}

/**
 * Reads a tool's files.
 * @param from the tool's file if it is elsewhere: config.yaml for aws-sso, an AWS config for the other tools.
 * @throws LatchkeyError CONFIG_INVALID if there is no sign of the tool, or its file can't be read.
 */
export async function readTool(
  context: Context,
  tool: Tool,
  { source, from }: { readonly source: ConfigSource; readonly from: string | undefined },
): Promise<FoundTool> {
  if (from !== undefined && statIfPresent(from) === undefined)
    throw configError(`There is no file ${from}.`, "Check the path after --from.");
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
      ? "If its file is elsewhere, add --from FILE"
      : "Name another file, or leave --from out.",
  );
}

type Reader = (
  context: Context,
  config: ConfigSource,
  from: string | undefined,
) => Promise<FoundTool>;

const readGrantedFiles: Reader = async ({ home, env }, config) => {
  const paths = listPaths(home, readText(env["XDG_CONFIG_HOME"]), GRANTED);
  const file = readToolFile(choosePath(paths));
  const { signIns, left } =
    file.text === undefined
      ? { signIns: [], left: [] }
      : await parseGrantedConfig(file.text, file.path);
  const reading = readGranted(config, signIns);
  return { ...reading, left: [...left, ...reading.left], looked: [config.file, ...paths] };
};

const readAwsSsoFiles: Reader = async ({ home, env }, config, from) => {
  const root = readText(env["XDG_CONFIG_HOME"]) ?? join(home, ".config");
  const named = from ?? readText(env["AWS_SSO_CONFIG"]);
  const paths: readonly [string, ...string[]] =
    named === undefined ? listPaths(home, root, AWS_SSO) : [resolveHome(home, named)];
  const file = readToolFile(choosePath(paths));
  const cache = readToolFile(join(dirname(file.path), "cache.json"), MAX_CACHE_BYTES);
  const files = { config: keepPresent(file), cache: keepPresent(cache) };
  const reading = await readAwsSso(config, files, env);
  return { ...reading, looked: [...paths, cache.path, config.file] };
};

const READERS: Readonly<Record<Tool, Reader>> = {
  granted: readGrantedFiles,
  "aws-sso": readAwsSsoFiles,
  "aws-vault": (_, config) => Promise.resolve({ ...readAwsVault(config), looked: [config.file] }),
  "aws-sso-util": ({ env }, config) =>
    Promise.resolve({ ...readAwsSsoUtil(config, env), looked: [config.file] }),
};

interface ToolPaths {
  /** The directory in the home that the tool prefers if it exists. */
  readonly former: string;
  readonly name: string;
  readonly file: string;
}

const GRANTED: ToolPaths = { former: ".granted", name: "granted", file: "config" };
const AWS_SSO: ToolPaths = { former: ".aws-sso", name: "aws-sso", file: "config.yaml" };

/** Returns the paths at which the tool's file may be, with its former directory first. */
function listPaths(
  home: string,
  root: string | undefined,
  { former, name, file }: ToolPaths,
): readonly [string, ...string[]] {
  const first = join(home, former, file);
  return root === undefined ? [first] : [first, join(root, name, file)];
}

function choosePath([first, second]: readonly [string, ...string[]]): string {
  return second === undefined || statIfPresent(dirname(first)) !== undefined ? first : second;
}

function resolveHome(home: string, path: string): string {
  return path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

interface LookedFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** @throws LatchkeyError CONFIG_INVALID for a file that is too large, encrypted, or not a regular file. */
function readToolFile(path: string, maxBytes = MAX_CONFIG_BYTES): LookedFile {
  const bytes = readIfPresent(path, maxBytes);
  const foreign = bytes === undefined ? undefined : findForeignFormat(bytes);
  if (foreign !== undefined) throw configError(`${path} ${foreign.what}.`, `${foreign.cure}.`);
  return { path, text: bytes?.toString("utf8").replace(/^\ufeff/, "") };
}

function keepPresent({ path, text }: LookedFile): ToolFile | undefined {
  return text === undefined ? undefined : { path, text };
}
