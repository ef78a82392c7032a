import type { Context, Environment } from "../context.ts";
import { noticeMissingRegion } from "../credentials/export.ts";
import {
  CHANGES_FILE,
  findEnvironmentProfile,
  findPreviousProfile,
  HOOK_SHELL,
  listLeftovers,
  listWinningCredentials,
  regionChanges,
  switchChanges,
} from "../model/aws-environment.ts";
import { findKeyVariables, listOtherKeys, listReaderNames } from "../model/identity-variables.ts";
import { checkProfileRegion, type Profile } from "../profiles/profile.ts";
import {
  formatChanges,
  installationLine,
  isShell,
  guessShell,
  type Shell,
} from "../text/shell-words.ts";
import { NO_CHANGES_FILE, NO_FILE } from "./hook.ts";
import { loginCommand } from "../model/sso-session.ts";
import { judgeRegion } from "../model/start-url.ts";
import {
  EXIT,
  hasCode,
  isExpectedFailure,
  LatchkeyError,
  usageError,
  type ExitCode,
} from "../errors.ts";
import { recordUse } from "../choice/usage.ts";
import { writeChanges } from "./changes-file.ts";
import { notice } from "../terminal/notice.ts";
import { findSsoRoleBelow, readRoleRequest, resolveIdentity } from "../profiles/identity.ts";
import { ignoreExpected } from "../fs/read.ts";
import { requireProfile } from "../profiles/known.ts";
import { checkRegionFlag, readConfig, type RoleFlags } from "../profiles/select.ts";
import { pickEntry, type EntryAct } from "../choice/pick.ts";
import { chooseByWords } from "../choice/words.ts";
import { keepRole } from "../sync/keep-role.ts";
import { offerSignIn } from "../sign-in/on-the-way.ts";
import { isServiceable, sessionStatus } from "../sign-in/status.ts";
import type { SyncResult } from "../sync/sync.ts";
import { signInRequired } from "../token/decide.ts";

/** A request to switch the profile of the calling shell. The hook from `shell-init` makes the switch. */
interface SwitchRequest {
  /** Words of a name, or "-" for the previous profile. */
  readonly words: readonly string[];
  /** The role given by flags. If there are neither flags nor words, the user chooses. */
  readonly role: RoleFlags;
  /** The region for this shell instead of the profile's. If no profile is given, only the region changes. */
  readonly region: string | undefined;
  /** Remove the profile from the shell. */
  readonly unset: boolean;
  /**
   * Also unset credentials in the environment that take precedence over the profile. If false, latchkey asks a user at
   * a terminal.
   */
  readonly unsetCredentials: boolean;
  /** If the role has no profile, write one without asking. */
  readonly yes: boolean;
  /** Whether the picker offers other actions for the chosen entry. */
  readonly offersOther: boolean;
  /** Called before a profile is written. */
  readonly show: (synced: SyncResult) => void;
}

interface SwitchResult {
  readonly kind: "switched";
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Whether the profile did not change, only the region. */
  readonly isKept: boolean;
}

/** An action that the user chose in the picker instead of a switch. */
export interface OtherWish {
  readonly kind: "console" | "copy" | "whoami";
  readonly chosen: RoleFlags;
  /** The action as the words of a command line. */
  readonly words: readonly string[];
}

/**
 * Switches the profile.
 * @throws LatchkeyError USAGE if the hook did not start this process, or if no profile is selected; CONFIG_INVALID if the
 * profile does not exist.
 */
export async function switchProfile(
  context: Context,
  request: SwitchRequest,
): Promise<SwitchResult | OtherWish> {
  const hook = requireShellHook(context);
  const { region: asked } = request;
  if (asked !== undefined) checkRegion(asked);
  if (asked !== undefined && isRegionAlone(request)) {
    writeChanges(hook.file, formatChanges(hook.shell, regionChanges(context.env, asked)));
    const profile = findEnvironmentProfile(context.env);
    return { kind: "switched", profile, region: asked, isKept: true };
  }
  const wanted = request.unset ? undefined : await findWantedProfile(context, request);
  return wanted !== undefined && "kind" in wanted
    ? wanted
    : switchTo(context, hook, wanted, request);
}

/** @param profile undefined to remove the profile from the shell. */
async function switchTo(
  context: Context,
  hook: Hook,
  profile: Profile | undefined,
  { region: asked, unsetCredentials }: SwitchRequest,
): Promise<SwitchResult> {
  const winning = profile === undefined ? [] : listWinningCredentials(context.env);
  const mayUnset = winning.length > 0 && (await confirmUnset(context, winning, unsetCredentials));
  const region = asked ?? (profile && checkProfileRegion(profile));
  const switched = { profile: profile?.name, region };
  const leftovers = listLeftovers(context.env);
  const unset = mayUnset ? [...winning, ...leftovers] : leftovers;
  writeChanges(
    hook.file,
    formatChanges(hook.shell, switchChanges(context.env, { ...switched, unset })),
  );
  sayLeftovers(context, leftovers);
  if (profile !== undefined) noteUse(context, profile, region);
  return { kind: "switched", ...switched, isKept: false };
}

function sayLeftovers(context: Context, names: readonly string[]): void {
  if (names.length > 0) notice(context, `unset here, left by another tool: ${names.join(", ")}`);
}

function isRegionAlone({ words, role, unset }: SwitchRequest): boolean {
  return words.length === 0 && !namesSomething(role) && !unset;
}

function namesSomething(role: RoleFlags): boolean {
  return Object.values(role).some((value) => value !== undefined);
}

/** Records the use of the profile, and prints a notice if the profile has no region. */
function noteUse(context: Context, profile: Profile, region: string | undefined): void {
  recordUse(context, profile);
  if (region === undefined) noticeMissingRegion(context, profile);
}

/**
 * Refuses a misspelt region. Otherwise only the next AWS client would notice the error. Accepts an unknown region that
 * may be new.
 */
function checkRegion(region: string): void {
  const judged = judgeRegion(checkRegionFlag("--region", region));
  if (judged.kind === "slip")
    throw usageError(`--region: there is no region "${region}".`, `Did you mean ${judged.meant}?`);
}

interface Hook {
  readonly shell: Shell;
  readonly file: string;
}

/**
 * Returns the shell and the file from the hook's variables. Without a hook, a process can't change the environment of
 * its shell.
 */
function requireShellHook({ env, platform }: Context): Hook {
  const [shell, file] = [env[HOOK_SHELL], env[CHANGES_FILE]];
  if (file === NO_CHANGES_FILE)
    throw new LatchkeyError("STORAGE_FAILED", NO_FILE.message, { hint: NO_FILE.hint });
  if (isShell(shell) && file !== undefined && file !== "") return { shell, file };
  const { line, file: startFile } = installationLine(guessShell(env, platform));
  throw usageError(
    "This shell is not set up for latchkey yet: a program can't change the environment of the shell that started it.",
    `Put this line into ${startFile}, and run it once here: ${line}`,
  );
}

/** Returns the profile or role that the words select, for a command that does not change the shell. */
export async function chooseWanted(
  context: Context,
  { words, role }: Pick<SwitchRequest, "words" | "role">,
): Promise<RoleFlags> {
  if (words.join(" ") !== "-") return chooseByWords(context, words, role);
  return { profile: requirePrevious(context) || undefined };
}

/** Returns the wanted profile. A role must have a profile first, because AWS_PROFILE can't contain a role. */
async function findWantedProfile(
  context: Context,
  request: SwitchRequest,
): Promise<Profile | OtherWish | undefined> {
  const source = readConfig(context);
  if (request.words.join(" ") === "-") {
    const previous = requirePrevious(context);
    return previous === "" ? undefined : requireProfile(context, source, previous);
  }
  const wishes: Array<Omit<OtherWish, "chosen">> = [];
  const acts = request.offersOther ? listActs((wish) => wishes.push(wish)) : [];
  const keys = { enter: "uses", acts };
  const named = await chooseByWords(context, request.words, request.role, { keys });
  const chosen = namesSomething(named) ? named : await pickEntry(context, source, keys);
  const [wish] = wishes;
  if (wish !== undefined) return { ...wish, chosen };
  const name = chosen.profile ?? (await keepRole(context, chosen, request));
  return requireProfile(context, readConfig(context), name);
}

const ACT_KEYS = { "ctrl-o": "console", "ctrl-y": "copy", "ctrl-t": "whoami" } as const;

function listActs(note: (wish: Omit<OtherWish, "chosen">) => void): EntryAct[] {
  return Object.entries(ACT_KEYS).map(([key, kind]) => ({
    key,
    label: kind,
    note: (words) => note({ kind, words }),
  }));
}

/** Returns the previous profile; empty if no profile was set. @throws LatchkeyError USAGE if there was no switch yet. */
function requirePrevious({ env }: Context): string {
  const previous = findPreviousProfile(env);
  if (previous !== undefined) return previous;
  throw usageError("No profile was switched in this shell yet.", "Name one: latchkey use PROFILE");
}

/** Returns the names of the AWS clients that use the credentials in the environment. */
function listTakers(env: Environment): string {
  const isForAll =
    findKeyVariables(env, "javascript") !== undefined ||
    (env["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? "") !== "";
  const readers = isForAll ? [] : listOtherKeys(env).flatMap((keys) => keys.readers);
  return readers.length === 0 ? "AWS clients" : listReaderNames(readers);
}

async function confirmUnset(
  context: Context,
  winning: readonly string[],
  asked: boolean,
): Promise<boolean> {
  if (asked) return true;
  const [are, them] = winning.length === 1 ? ["is", "it"] : ["are", "them"];
  const words = `${winning.join(", ")} ${are} set, and ${listTakers(context.env)} take ${them} before any profile`;
  notice(
    context,
    context.terminal.interactive
      ? words
      : `${words}. To unset ${them}: latchkey use --unset-credentials`,
  );
  return context.terminal.interactive && context.terminal.confirm(`Unset ${them} in this shell?`);
}

/**
 * If AWS clients will need a sign-in for this profile, offers it now, or prints the command if there is no terminal.
 * Otherwise the first client would fail. The switch itself needs no sign-in, and remains even if this fails.
 * @returns 0, also if the user declines.
 */
export async function signInAfterSwitch(context: Context, profile: string): Promise<ExitCode> {
  const role = findSsoRoleBelow(resolveIdentity(context, profile).source);
  const session = role && ignoreExpected(() => readRoleRequest(readConfig(context), role).session);
  if (session === undefined) return EXIT.OK;
  const { state } = await sessionStatus(context, session, false);
  if (isServiceable(state)) return EXIT.OK;
  const reason = state === "expired" ? "has expired" : "has no token on this machine";
  try {
    await offerSignIn(context, session, signInRequired(session, reason));
    return EXIT.OK;
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    const isRefused = hasCode(thrown, "SIGN_IN_REQUIRED");
    const why = isRefused || hasCode(thrown, "CANCELLED") ? "" : ` ${thrown.message}`;
    notice(context, `not signed in: ${loginCommand(session)}${why}`);
    return isRefused ? EXIT.OK : thrown.exitCode;
  }
}
