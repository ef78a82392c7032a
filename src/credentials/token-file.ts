import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Source } from "../clients/identity.ts";
import type { Context } from "../context.ts";
import { readIfPresent } from "../fs/read.ts";
import { MAX_CACHE_BYTES } from "../text/json.ts";

/**
 * Checks the file that the SDK will read by itself: it would wait forever for a FIFO, and never finish reading a device.
 * @throws LatchkeyError CONFIG_INVALID if it is not a regular file, or too large; STORAGE_FAILED if it can't be read
 */
export function checkTokenFile(context: Pick<Context, "env" | "home">, source: Source): void {
  const path = findTokenFile(context, source) ?? "";
  if (path !== "") readIfPresent(path, MAX_CACHE_BYTES);
}

function findTokenFile(
  { env, home }: Pick<Context, "env" | "home">,
  source: Source,
): string | undefined {
  switch (source.kind) {
    case "web-identity":
      return source.tokenFile;
    case "endpoint":
      return env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
    case "login": {
      // As in @aws-sdk/credential-provider-login 3.972, getTokenFilePath.
      const directory = env["AWS_LOGIN_CACHE_DIRECTORY"] ?? join(home, ".aws", "login", "cache");
      const name = createHash("sha256").update(source.session, "utf8").digest("hex");
      return join(directory, `${name}.json`);
    }
    default:
      return undefined;
  }
}
