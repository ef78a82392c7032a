import { findSections, type ConfigDocument } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { formatMark } from "./managed-profiles.ts";
import type { WantedName } from "./names.ts";

/** Why a wanted profile is not created. The reason is shown to the user, and no other name is tried. */

export const COLLISION_REASONS = {
  "same-name": "several roles would have this name: use a --template with {role|encode}",
  double: "is a second name of a role and region that is already imported",
  imported: "becomes the profile of another role that is imported",
  yours: "is your own profile and is not changed",
  "other-session": "belongs to another session's sync",
  taken: "is still the profile of another role",
  credentials: "is in the credentials file, whose keys take precedence",
  default: "would be used by every command that names no profile",
  "not-a-name": "can't be a profile's name: put |slug behind the field",
  "not-a-role": "has a role name that AWS does not allow, and is never written",
} as const;

export type CollisionReason = keyof typeof COLLISION_REASONS;

export interface Collision {
  readonly wanted: WantedName;
  readonly reason: CollisionReason;
}

/** The existing names that a new profile can't have. */
export interface TakenNames {
  readonly document: ConfigDocument;
  readonly session: string;
  /** Profiles of the credentials file. */
  readonly credentials: ReadonlySet<string>;
}

/** Returns why a new profile can't have this name; undefined if it can. */
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
