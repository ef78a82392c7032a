import type { Command } from "@oclif/core";

/** Command id → its module, imported when it runs. Written by `npm run generate`. */
export const COMMANDS: Readonly<
  Record<string, () => Promise<{ readonly default: Command.Class }>>
> = {
  accounts: () => import("../commands/accounts.ts"),
  completion: () => import("../commands/completion.ts"),
  configure: () => import("../commands/configure.ts"),
  "configure:session": () => import("../commands/configure/session.ts"),
  console: () => import("../commands/console.ts"),
  "credential-process": () => import("../commands/credential-process.ts"),
  demo: () => import("../commands/demo.ts"),
  doctor: () => import("../commands/doctor.ts"),
  emulator: () => import("../commands/emulator.ts"),
  exec: () => import("../commands/exec.ts"),
  export: () => import("../commands/export.ts"),
  "federation:access": () => import("../commands/federation/access.ts"),
  "federation:assign": () => import("../commands/federation/assign.ts"),
  "federation:check": () => import("../commands/federation/check.ts"),
  "federation:metadata": () => import("../commands/federation/metadata.ts"),
  "federation:policy": () => import("../commands/federation/policy.ts"),
  "federation:scim": () => import("../commands/federation/scim.ts"),
  "federation:why": () => import("../commands/federation/why.ts"),
  login: () => import("../commands/login.ts"),
  logout: () => import("../commands/logout.ts"),
  profiles: () => import("../commands/profiles.ts"),
  "profiles:sync": () => import("../commands/profiles/sync.ts"),
  "profiles:undo": () => import("../commands/profiles/undo.ts"),
  roles: () => import("../commands/roles.ts"),
  settings: () => import("../commands/settings.ts"),
  "shell-init": () => import("../commands/shell-init.ts"),
  status: () => import("../commands/status.ts"),
  use: () => import("../commands/use.ts"),
  whoami: () => import("../commands/whoami.ts"),
};
