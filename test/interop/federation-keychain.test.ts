import { expect, test } from "vitest";
import { findFilesHolding } from "../faults/support/sealed-home.ts";
import { startSecretService } from "../faults/support/secret-service.ts";
import { GROUP, TOKEN, USER } from "../support/federation.ts";
import { createFederatedHome, parseStatuses } from "../support/federation-run.ts";

test("if secrets are kept in the keychain, --save seals the SCIM token, and later runs need no other", async () => {
  const service = await startSecretService();
  try {
    const home = await createFederatedHome();
    home.write(".config/latchkey/settings.json", JSON.stringify({ storage: "keychain" }));
    const argv = ["federation", "scim", "--json", "--user", USER, "--group", GROUP];
    const saved = await home.run(
      [
        ...argv,
        "--endpoint",
        home.emulator.scimEndpoint,
        "--token-expires",
        "2099-01-01",
        "--token-stdin",
        "--save",
      ],
      { env: service.env, input: `${TOKEN}\n` },
    );
    expect(saved.exitCode, saved.stdout + saved.stderr).toBe(0);
    expect(findFilesHolding(home, [TOKEN])).toEqual([]);
    const later = await home.run(argv, { env: service.env });
    expect(later.exitCode, later.stdout + later.stderr).toBe(0);
    expect(parseStatuses(later)).toEqual({
      "scim-reach": "ok",
      "scim-token": "ok",
      user: "ok",
      group: "ok",
      member: "ok",
    });
  } finally {
    await service.stop();
  }
});
