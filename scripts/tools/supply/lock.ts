// What package-lock.json may say: every package comes from the registry, by its name and version, with a checksum.
import { isRecord, toRecord, type PlainRecord } from "../../../src/text/json.ts";

/** Packages that may run a script when they are installed, and what it does; npm is told of them in `allowScripts`. */
const WITH_SCRIPTS: Readonly<Record<string, string>> = {
  node: "fetches the pinned Node for this machine, whose checksum scripts/ensure.mjs compares",
  "@swc/core": "looks for its native part, and fetches nothing where npm has installed it",
};

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * What is wrong with a lock file, a line each.
 * @param lock its JSON value. @param manifest package.json's.
 */
export function judgeLock(lock: unknown, manifest: unknown): string[] {
  const { lockfileVersion, packages } = toRecord(lock);
  if (lockfileVersion !== 3 || !isRecord(packages)) return ["it is no lock file of version 3"];
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
    name === "" && "is in no node_modules",
    link === true && "is a link to a folder",
    (typeof version !== "string" || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) && "has no version",
    !isChecksum(integrity) && "has no SHA-512 checksum",
    resolved !== undefined &&
      !isOfRegistry(resolved, name, String(version)) &&
      "comes from elsewhere than the registry",
    hasInstallScript === true && !isAllowed && "runs a script when it is installed",
  ];
  return faults.flatMap((fault) => (fault === false ? [] : [`${folder} ${fault}`]));
}

/** Its own where it is installed under another (`npm:NAME@VERSION`). */
function readName({ folder, name }: Entry): string {
  const [, last = ""] = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder) ?? [];
  return typeof name === "string" ? name : last;
}

/** 64 bytes of SHA-512, and no weaker one beside it. */
function isChecksum(integrity: unknown): boolean {
  return typeof integrity === "string" && /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity);
}

/** The registry's own form, whichever host it is; a lock without addresses means the one that npm is set to. */
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
    : others.map((host) => `${host} is another registry than the most`);
}

/** npm keeps a copy of package.json's dependencies in the lock. */
function compareRoot(root: PlainRecord, manifest: PlainRecord, locked: PlainRecord): string[] {
  const differing = ["name", "version", ...KINDS].filter(
    (key) => toText(root[key]) !== toText(manifest[key]),
  );
  const missing = ["dependencies", "devDependencies"]
    .flatMap((kind) => Object.keys(toRecord(manifest[kind])))
    .filter((name) => !Object.hasOwn(locked, `node_modules/${name}`));
  return [
    ...differing.map((key) => `${key} is another one in package.json`),
    ...missing.map((name) => `${name} of package.json is not in it`),
  ];
}

function toText(value: unknown): string {
  return JSON.stringify(isRecord(value) ? Object.entries(value).toSorted() : (value ?? []));
}
