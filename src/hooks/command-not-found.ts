import type { Hook } from "@oclif/core";
import { unknownCommand } from "../help.ts";

/** Throws our own error for a command that is not there. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  throw unknownCommand(id, config);
};

export default commandNotFound;
