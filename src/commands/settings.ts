import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { SETTING_KEYS, SETTINGS, type Settings } from "../settings/settings.ts";
import { formatTable, type ColumnsOf } from "../cli/output.ts";
import { listInForce, type SettingInForce } from "../settings/in-force.ts";
import { formatLines } from "../text/terminal.ts";
import { ssoSessionFlag } from "../cli/flags.ts";
import { changeSettings } from "../settings/change.ts";
import { applyStorageChoice } from "../token/open-store.ts";

export default class SettingsCommand extends LatchkeyCommand<Settings> {
  static override summary = "Show or change latchkey's own settings";
  static override description = `Without a value, prints what is in force and where it comes from; --json prints what is set. Settings: ${SETTING_KEYS.map((key) => `${key} (${SETTINGS[key].meaning})`).join("; ")}.`;
  static override examples = examples(
    "",
    "default-region eu-west-1",
    '--sso-session corp browser "firefox --private-window"',
    "browser --unset",
    "storage keychain",
    "time 12h",
  );
  static override args = {
    key: Args.string({ description: "setting" }),
    value: Args.string({ description: "its new value" }),
  };
  static override flags = {
    "sso-session": ssoSessionFlag,
    unset: Flags.boolean({ description: "take the setting back" }),
    force: Flags.boolean({
      description: "take a region that looks misspelt, or a browser that is not on PATH",
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
