import { createHome, type Home } from "./home.ts";
import type { Tool } from "./import-files.ts";

const ORG = {
  accounts: [
    {
      accountId: "100000000001",
      accountName: "Payments Prod",
      roles: ["ViewOnlyAccess", "Billing"],
    },
    { accountId: "000000000042", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};

/** Makes a home with files of other tools, and an access portal with their roles. */
export async function createToolHome(files: Tool["files"]): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: ORG });
  for (const [path, text] of Object.entries(files)) home.write(path, text);
  return home;
}
