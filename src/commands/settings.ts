import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { SETTING_KEYS, SETTINGS, type SettingKey, type Settings } from "../settings/settings.ts";
import { formatTable, type ColumnsOf } from "../cli/output.ts";
import { escapeControls } from "../text/terminal.ts";
import { ssoSessionFlag } from "../cli/flags.ts";
import { changeSettings } from "../settings/change.ts";
import { applyStorageChoice } from "../token/open-store.ts";

export default class SettingsCommand extends LatchkeyCommand<Settings> {
  static override summary = "Show or change latchkey's own settings";
  static override description = `Without a value, prints what is in force. Settings: ${SETTING_KEYS.map((key) => `${key} (${SETTINGS[key].meaning})`).join("; ")}.`;
  static override examples = examples(
    "",
    "default-region eu-west-1",
    '--sso-session corp browser "firefox --private-window"',
    "browser --unset",
    "storage keychain",
  );
  static override args = {
    key: Args.string({ description: "setting" }),
    value: Args.string({ description: "its new value" }),
  };
  static override flags = {
    "sso-session": ssoSessionFlag,
    unset: Flags.boolean({ description: "take the setting back" }),
    force: Flags.boolean({ description: "take a region that looks misspelt" }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(SettingsCommand);
    const inForce = await changeSettings(this.context, {
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
      this.context.terminal.say(`${args.key ?? ""} is back to what it is by itself.`);
    this.print(flags.json, inForce, () => {
      if (args.key !== undefined)
        return Object.values(inForce)
          .map((value) => `${escapeControls(value)}\n`)
          .join("");
      return formatTable(columns(inForce), SETTING_KEYS, this.context.terminal.stdout);
    });
    return EXIT.OK;
  }
}

function columns(inForce: Settings) {
  return {
    setting: { header: "SETTING", value: (key) => key },
    value: { header: "VALUE", value: (key) => inForce[key] ?? "-" },
    meaning: { header: "MEANING", value: (key) => SETTINGS[key].meaning },
  } satisfies ColumnsOf<SettingKey>;
}
