import { Flags } from "@oclif/core";
import {
  findFavourite,
  listFavourites,
  requireHeldRole,
  type Favourite,
} from "../access/history/favourites.ts";
import { setFavourite } from "../access/history/user-name.ts";
import { findAccountName } from "../access/known.ts";
import { nameRole } from "../choice/entry.ts";
import { selectRole } from "../choice/select.ts";
import { chooseByWords } from "../choice/words.ts";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { profileWordsArg, roleFlags, toRoleFlags } from "../cli/flags.ts";
import { formatFlags } from "../cli/format-flags.ts";
import { checkFormatFlags, type ColumnsOf, type RowJson } from "../cli/output.ts";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import type { RoleRequest } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { readSessions } from "../profiles/profile.ts";
import { readConfig, type RoleFlags } from "../profiles/select.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";

const COLUMNS = {
  accountId: { header: "ACCOUNT", rank: 2, value: ({ accountId }) => accountId },
  accountName: { header: "NAME", rank: 1, value: ({ accountName = null }) => accountName },
  roleName: { header: "ROLE", rank: 0, value: ({ roleName }) => roleName },
  session: { header: "SESSION", rank: 3, value: ({ session }) => session },
} satisfies ColumnsOf<Favourite>;

export type FavouriteJson = RowJson<typeof COLUMNS>;

export default class FavouriteCommand extends LatchkeyCommand<FavouriteJson[]> {
  static override summary = "Mark a role as a favourite, or list your favourites";
  static override description = prose(`
    A favourite is a role; naming a profile marks the role of the profile.
    Favourites are kept on this machine for you alone, also after a sign-in has
    ended. \`latchkey logout --forget\` deletes them.
  `);
  static override aliases = ["favorite"];
  static override examples = examples(
    ["List your favourites", ""],
    "payments-prod/ViewOnlyAccess",
    "okta --remove",
    "--json",
  );
  static override args = { profile: profileWordsArg };
  static override flags = {
    ...roleFlags,
    remove: Flags.boolean({ description: "remove the mark" }),
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(FavouriteCommand);
    checkFormatFlags(flags);
    const { context } = this;
    const words = args.profile ?? [];
    const wanted = toRoleFlags(flags);
    const { sessions } = readSessions(readConfig(context));
    const only = sessions.filter(
      (session) => wanted.ssoSession === undefined || sessionLabel(session) === wanted.ssoSession,
    );
    if (words.length > 0 || namesRole(wanted)) {
      const done = await this.mark(only, words, { wanted, isRemoved: flags.remove });
      if (this.isForPeople(flags)) {
        context.terminal.say(done);
        return EXIT.OK;
      }
    } else if (flags.remove)
      throw usageError("Which favourite?", "Name it: latchkey favourite ACCOUNT/ROLE --remove");
    const favourites = await listFavourites(context, only);
    await this.printRows(COLUMNS, favourites, { flags });
    if (favourites.length === 0 && this.isForPeople(flags))
      context.terminal.say("No favourites yet. Mark one: latchkey favourite ACCOUNT/ROLE");
    return EXIT.OK;
  }

  /** @returns a sentence about what was done. */
  private async mark(
    sessions: readonly SsoSession[],
    words: readonly string[],
    { wanted, isRemoved }: { readonly wanted: RoleFlags; readonly isRemoved: boolean },
  ): Promise<string> {
    const { context } = this;
    const role =
      (isRemoved ? await this.findMarked(sessions, words) : undefined) ??
      (await selectRole(context, await chooseByWords(context, words, wanted)));
    await signInOnTheWay(context, role.session, async (session) => {
      const { accountId, roleName } = isRemoved
        ? role
        : await requireHeldRole(context, { ...role, session });
      await setFavourite(context, session, { accountId, roleName }, !isRemoved);
    });
    const label = sessionLabel(role.session);
    const accountName = findAccountName(context.home, label, role.accountId);
    return `${nameRole({ ...role, accountName })} in ${label} is ${isRemoved ? "no favourite any more" : "a favourite"}.`;
  }

  /** Finds a favourite by its full name, even if the role no longer exists. */
  private async findMarked(
    sessions: readonly SsoSession[],
    words: readonly string[],
  ): Promise<RoleRequest | undefined> {
    const found = findFavourite(await listFavourites(this.context, sessions), words.join(" "));
    const session = sessions.find((each) => sessionLabel(each) === found?.session);
    return found && session && { ...found, session };
  }
}

function namesRole({ profile, accountId, roleName }: RoleFlags): boolean {
  return [profile, accountId, roleName].some((name) => name !== undefined);
}
