import { Help } from "@oclif/core";
import { writeChecked } from "../fs/write.ts";

/** oclif's help, printed through the checked writer. */
export default class LatchkeyHelp extends Help {
  protected override log(...lines: string[]): void {
    writeChecked(1, `${lines.join(" ")}\n`);
  }
}
