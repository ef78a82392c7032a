import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package.json fields that determine the packages of an installation. */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Returns the packages that npm installs for `manifest` without development dependencies: name → folder in `node_modules`.
 */
export function productionPackages(root: string, manifest: Manifest): Map<string, string> {
  const found = new Map<string, string>();
  addDependencies(root, manifest, found);
  return found;
}

function addDependencies(dependent: string, manifest: Manifest, found: Map<string, string>): void {
  const optional = manifest.optionalDependencies ?? {};
  for (const name of Object.keys({ ...manifest.dependencies, ...optional })) {
    const folder = folderOf(name, dependent);
    if (folder === undefined) {
      // Optional dependencies for other platforms are not installed.
      if (name in optional) continue;
      throw new Error(`${dependent} needs ${name}, which is in no node_modules above it`);
    }
    const earlier = found.get(name);
    if (earlier === folder) continue;
    if (earlier !== undefined) throw new Error(`two versions of ${name}: ${earlier} and ${folder}`);
    found.set(name, folder);
    const text = readFileSync(join(folder, "package.json"), "utf8");
    addDependencies(folder, JSON.parse(text) as Manifest, found);
  }
}

/** Returns the folder from which Node loads a package for an import in `dependent`. */
function folderOf(name: string, dependent: string): string | undefined {
  const candidate = join(dependent, "node_modules", name);
  if (existsSync(join(candidate, "package.json"))) return candidate;
  const parent = dirname(dependent);
  return parent === dependent ? undefined : folderOf(name, parent);
}
