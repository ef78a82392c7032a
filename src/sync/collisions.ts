import { findSections, type ConfigDocument } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { formatMark } from "./managed-profiles.ts";
import type { WantedName } from "./names.ts";

/** Why a wanted profile is not made. It is said, and no other name is made up. */

export type CollisionReason =
  /** Several roles would have the name. */
  | "same-name"
  /** A profile of the user's has it. */
  | "yours"
  /** A profile of another session's sync has it. */
  | "other-session"
  /** A profile of this session's sync for another role has it. */
  | "taken"
  /** The credentials file has it, and its keys would go before. */
  | "credentials"
  /** It would be the profile of everything that names none. */
  | "default"
  /** SDKs would drop or refuse it. */
  | "not-a-name";

export interface Collision {
  readonly wanted: WantedName;
  readonly reason: CollisionReason;
}

/** What stands where a name could go. */
export interface TakenNames {
  readonly document: ConfigDocument;
  readonly session: string;
  /** Profiles of the credentials file. */
  readonly credentials: ReadonlySet<string>;
}

/** Why a name can't be a new profile's; undefined where it can. */
export function findCollision(
  name: string,
  { document, session, credentials }: TakenNames,
): CollisionReason | undefined {
  if (!isPortableName(name)) return "not-a-name";
  if (name === "default") return "default";
  const section = findSections(document, "profile", name).at(-1);
  if (section !== undefined) {
    const mark = formatMark(section);
    if (mark === undefined) return "yours";
    return mark === session ? "taken" : "other-session";
  }
  return credentials.has(name) ? "credentials" : undefined;
}
