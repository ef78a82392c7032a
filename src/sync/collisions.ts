import { findSections, type ConfigDocument } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { formatMark } from "./managed-profiles.ts";
import type { WantedName } from "./names.ts";

/** Why a wanted profile is not made. It is said, and no other name is made up. */

export const COLLISION_REASONS = {
  "same-name":
    "several roles would have this name: tell them apart with a --template that has {role|encode}",
  double: "is another name of a role and region that is imported already",
  imported: "becomes the profile of another role that is imported",
  yours: "is a profile of yours, and stays as it is",
  "other-session": "belongs to another session's sync",
  taken: "is still the profile of another role",
  credentials: "is in the credentials file, whose keys would go before",
  default: "would be the profile of every command that names none",
  "not-a-name": "can't be a profile's name: put |slug behind the field",
  "not-a-role": "is of a role whose name AWS does not allow, and is never written",
} as const;

export type CollisionReason = keyof typeof COLLISION_REASONS;

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
