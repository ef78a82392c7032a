import { closestMatches } from "../text/terminal.ts";

/** A role that the portal refused, and what is known about it. */
interface RefusedRole {
  readonly accountId: string;
  readonly roleName: string;
  /** Undefined if unknown. */
  readonly accountName: string | undefined;
  /** The user's roles in that account; undefined if they could not be listed. */
  readonly held: readonly string[] | undefined;
  /** A sentence that says that the user had the role before. */
  readonly former?: string | undefined;
  /** The command that lists the roles again. */
  readonly lookAgain: string;
}

const MOST_NAMED = 8;

/**
 * Returns the error message, and a hint with the roles in that account, the nearest name, and why a new role may not be
 * visible yet.
 */
export function refusalText(refused: RefusedRole): {
  readonly message: string;
  readonly hint: string;
} {
  const { accountId, roleName, accountName, held, former, lookAgain } = refused;
  const account = accountName === undefined ? accountId : `${accountId} (${accountName})`;
  const again = `New access can lag: a group push takes some minutes, and an old browser session hides it. Look again: ${lookAgain}`;
  if (held?.includes(roleName) === true) {
    return {
      message: `The role ${roleName} in ${account} is listed as yours, but the portal refuses it.`,
      hint: `Its assignment may be changing at this moment. ${again}`,
    };
  }
  const refusal = `The role ${roleName} in ${account} is not assigned to you.`;
  const message = former === undefined ? refusal : `${refusal} ${former}`;
  if (held === undefined) return { message, hint: again };
  if (held.length === 0) return { message, hint: `You have no role there. ${again}` };
  const [closest] = closestMatches(roleName, held);
  const named =
    held.length > MOST_NAMED
      ? `${held.slice(0, MOST_NAMED).join(", ")} and ${held.length - MOST_NAMED} more`
      : held.join(", ");
  return {
    message,
    hint: `Your roles there: ${named}${closest === undefined ? "" : ` (the nearest: ${closest})`}. ${again}`,
  };
}
