import type { Command } from "@oclif/core";

/** Command id → its module, imported when it runs. Written by `npm run generate`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
  "accounts": () => import("./commands/accounts.ts"),
  "configure": () => import("./commands/configure.ts"),
  "configure:session": () => import("./commands/configure/session.ts"),
  "credential-process": () => import("./commands/credential-process.ts"),
  "demo": () => import("./commands/demo.ts"),
  "emulator": () => import("./commands/emulator.ts"),
  "login": () => import("./commands/login.ts"),
  "logout": () => import("./commands/logout.ts"),
  "profiles": () => import("./commands/profiles.ts"),
  "profiles:sync": () => import("./commands/profiles/sync.ts"),
  "profiles:undo": () => import("./commands/profiles/undo.ts"),
  "roles": () => import("./commands/roles.ts"),
  "settings": () => import("./commands/settings.ts"),
  "status": () => import("./commands/status.ts"),
  "whoami": () => import("./commands/whoami.ts"),
};
