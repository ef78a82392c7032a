import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { SETTINGS, type Settings } from "../settings/settings.ts";
import { formatTable, type ColumnsOf } from "../cli/output.ts";
import { listInForce, type SettingInForce } from "../settings/in-force.ts";
import { formatLines } from "../text/terminal.ts";
import { ssoSessionFlag } from "../cli/flags.ts";
import { changeSettings } from "../settings/change.ts";
import { applyStorageChoice } from "../token/open-store.ts";

export default class SettingsCommand extends LatchkeyCommand<Settings> {
  static override summary = "Show or change latchkey's own settings";
  static override description = prose(`
    Without a value, prints the effective value and its source; --json prints the
    values that are set.

      login-flow      how login signs in: device, pkce or auto
      browser         command that opens a URL
      default-region  region that configure writes if none is given
      default-output  output format that configure writes if none is given
      storage         where tokens and role credentials are kept: file or keychain
      template        how profiles sync names profiles
      sign-in         whether a command may start a sign-in: ask, auto or never
      agents          login in coding agents and CI jobs: refuse or allow
      redirect-port   port of 127.0.0.1 that a redirect returns to
      time            how times of day are shown: 24h or 12h
  `);
  static override examples = examples(
    "",
    "default-region eu-west-1",
    '--sso-session corp browser "firefox --private-window"',
    "browser --unset",
    "time 12h",
  );
  static override args = {
    key: Args.string({ description: "name of the setting" }),
    value: Args.string({ description: "new value" }),
  };
  static override flags = {
    "sso-session": ssoSessionFlag,
    unset: Flags.boolean({ description: "remove the setting" }),
    force: Flags.boolean({
      description: "accept an odd region, or a browser not on PATH",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(SettingsCommand);
    const set = await changeSettings(this.context, {
      key: args.key,
      value: args.value,
      unset: flags.unset,
      force: flags.force,
      ssoSession: flags["sso-session"],
    });
    const isChange = flags.unset || args.value !== undefined;
    if (args.key === "storage" && isChange)
      await applyStorageChoice(this.context, flags["sso-session"]);
    if (flags.unset && !flags.json)
      this.context.terminal.say(`${args.key ?? ""}: back to the default.`);
    this.print(flags.json, set, () => {
      const inForce = listInForce(this.context, flags["sso-session"]);
      if (args.key === undefined)
        return formatTable(COLUMNS, inForce, this.context.terminal.stdout);
      const value = inForce.find(({ key }) => key === args.key)?.value;
      return formatLines([value]);
    });
    return EXIT.OK;
  }
}

const COLUMNS: ColumnsOf<SettingInForce> = {
  setting: { header: "SETTING", value: ({ key }) => key },
  value: { header: "VALUE", value: ({ words }) => words },
  origin: { header: "FROM", value: ({ origin }) => origin },
  meaning: { header: "MEANING", value: ({ key }) => SETTINGS[key].meaning },
};
