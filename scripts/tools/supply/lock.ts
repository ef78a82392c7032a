// Checks package-lock.json: every package must come from the registry, with the package's own name and version, and
// have a checksum.
import { isRecord, toRecord, type PlainRecord } from "../../../src/text/json.ts";

/** Packages that may run an install script, and what the script does. npm's `allowScripts` lists the same packages. */
const WITH_SCRIPTS: Readonly<Record<string, string>> = {
  node: "fetches the pinned Node for this machine, whose checksum scripts/ensure.mjs compares",
  "@swc/core": "looks for its native part, and fetches nothing where npm has installed it",
};

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * Returns a line for each fault of a lock file.
 * @param lock the JSON value of the lock file
 * @param manifest the JSON value of package.json
 */
export function judgeLock(lock: unknown, manifest: unknown): string[] {
  const { lockfileVersion, packages } = toRecord(lock);
  if (lockfileVersion !== 3 || !isRecord(packages)) return ["it is not a lock file of version 3"];
  const { "": root, ...others } = packages;
  const all = Object.entries(others).map(([folder, entry]) => ({ folder, ...toRecord(entry) }));
  return [
    ...compareRoot(toRecord(root), toRecord(manifest), others),
    ...all.flatMap((entry) => judgeEntry(entry)),
    ...judgeHosts(all),
  ];
}

type Entry = PlainRecord & { readonly folder: string };

function judgeEntry(entry: Entry): string[] {
  const { folder, version, integrity, resolved, link, hasInstallScript } = entry;
  const name = readName(entry);
  const isAllowed = Object.hasOwn(WITH_SCRIPTS, name);
  const faults = [
    name === "" && "is not in node_modules",
    link === true && "is a link to a folder",
    (typeof version !== "string" || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) && "has no version",
    !isChecksum(integrity) && "has no SHA-512 checksum",
    resolved !== undefined &&
      !isOfRegistry(resolved, name, String(version)) &&
      "does not come from the registry",
    hasInstallScript === true && !isAllowed && "runs a script when it is installed",
  ];
  return faults.flatMap((fault) => (fault === false ? [] : [`${folder} ${fault}`]));
}

/** Returns the package's own name, even if the package is installed under an alias (`npm:NAME@VERSION`). */
function readName({ folder, name }: Entry): string {
  const [, last = ""] = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder) ?? [];
  return typeof name === "string" ? name : last;
}

/** Returns whether the value is one SHA-512 of 64 bytes, without a weaker checksum in addition. */
function isChecksum(integrity: unknown): boolean {
  return typeof integrity === "string" && /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity);
}

/** Checks the path of the address, on any host. A lock file without addresses uses npm's configured registry. */
function isOfRegistry(resolved: unknown, name: string, version: string): boolean {
  const url = typeof resolved === "string" ? URL.parse(resolved) : null;
  const base = name.split("/").at(-1) ?? "";
  const hasNoMore = url?.username === "" && url.search === "" && url.hash === "";
  return (
    url?.protocol === "https:" &&
    hasNoMore &&
    url.pathname.endsWith(`/${name}/-/${base}-${version}.tgz`)
  );
}

function judgeHosts(entries: readonly Entry[]): string[] {
  const hosts = entries.flatMap(({ resolved }) => {
    const url = typeof resolved === "string" ? URL.parse(resolved) : null;
    return url?.protocol === "https:" ? [url.host] : [];
  });
  const [most, ...others] = [...Map.groupBy(hosts, (host) => host)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([host]) => host);
  return most === undefined
    ? []
    : others.map((host) => `${host} is not the registry of most packages`);
}

/** Compares the lock file's copy of package.json's dependencies with package.json. */
function compareRoot(root: PlainRecord, manifest: PlainRecord, locked: PlainRecord): string[] {
  const differing = ["name", "version", ...KINDS].filter(
    (key) => toText(root[key]) !== toText(manifest[key]),
  );
  const missing = ["dependencies", "devDependencies"]
    .flatMap((kind) => Object.keys(toRecord(manifest[kind])))
    .filter((name) => !Object.hasOwn(locked, `node_modules/${name}`));
  return [
    ...differing.map((key) => `${key} differs in package.json`),
    ...missing.map((name) => `${name} of package.json is missing`),
  ];
}

function toText(value: unknown): string {
  return JSON.stringify(isRecord(value) ? Object.entries(value).toSorted() : (value ?? []));
}
