import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/checkout.ts";

/** The public repository, from `repository` in package.json. Manifests, links and badges use its address. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** The URL without a slash at its end. */
  readonly url: string;
}

export interface Release {
  readonly version: string;
  /** One line, from package.json. */
  readonly description: string;
  /** An SPDX expression. */
  readonly license: string;
  readonly repository: Repository;
}

/** The short form of a repository on GitHub in package.json: `github:OWNER/NAME`. */
const SHORT_FORM = /^github:([\w-]+)\/([\w.-]+)$/;

/** @throws Error if package.json has no version, or no repository in the short form */
export function readRelease(): Release {
  const manifest = parseJson(readFileSync(join(CHECKOUT, "package.json"), "utf8"));
  const { version, description, license, repository } = isRecord(manifest) ? manifest : {};
  const [, owner, name] = SHORT_FORM.exec(String(repository)) ?? [];
  if (typeof version !== "string" || owner === undefined || name === undefined)
    throw new Error("package.json needs a version, and a repository such as github:owner/name");
  const url = `https://github.com/${owner}/${name}`;
  return {
    version,
    description: String(description),
    license: String(license),
    repository: { owner, name, url },
  };
}

/** Returns the URL of a file of the release. */
export function locateDownload({ version, repository }: Release, file: string): string {
  return `${repository.url}/releases/download/v${version}/${file}`;
}

/** Returns the maintainer of a package: the owner of the repository, with GitHub's no-reply address. */
export function nameMaintainer({ owner }: Repository): string {
  return `${owner} <${owner}@users.noreply.github.com>`;
}
