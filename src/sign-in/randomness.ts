import { randomBytes } from "node:crypto";

/** A secret of this moment: 256 random bits from the system, as 43 characters that can stand in a URL. */
export function createSecret(): string {
  return randomBytes(32).toString("base64url");
}
