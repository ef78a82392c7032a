import { expect, test } from "vitest";
import { createHome } from "../support/home.ts";
import { findCheck, parseStatuses } from "../support/federation-run.ts";
import { startScimServer } from "./scim-server.ts";

const TOKEN = "scimmy-token-0123456789";

test("an RFC-conformant SCIM server, which lists members, is read as AWS's server is", async () => {
  const home = await createHome();
  const server = await startScimServer(TOKEN);
  const check = (user: string, group: string, token = TOKEN) =>
    home.run(
      [
        "federation",
        "scim",
        "--json",
        "--endpoint",
        server.endpoint,
        "--user",
        user,
        "--group",
        group,
        "--token-expires",
        "2099-01-01",
      ],
      { env: { LATCHKEY_SCIM_TOKEN: token } },
    );
  try {
    const good = await check("ada@example.com", "viewers");
    expect(good.exitCode, good.stdout).toBe(0);
    expect(parseStatuses(good)).toEqual({
      "scim-reach": "ok",
      "scim-token": "ok",
      user: "ok",
      group: "ok",
      member: "ok",
    });
    expect(parseStatuses(await check("eve@example.com", "viewers"))).toMatchObject({
      group: "ok",
      member: "fail",
    });
    expect(findCheck(await check("ada@example.com", "viewer"), "group")).toMatchObject({
      code: "FED-GROUP-NOT-PUSHED",
      evidence: { near: ["viewers"] },
    });
    expect(
      findCheck(await check("ada@example.com", "viewers", "wrong"), "scim-reach"),
    ).toMatchObject({ code: "FED-SCIM-UNAUTHORIZED" });
    expect(server.requests.every((line) => line.startsWith("GET /scim/v2/"))).toBe(true);
  } finally {
    await server.close();
  }
});
