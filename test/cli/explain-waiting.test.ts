import { expect, test } from "vitest";
import { ENDED } from "../support/explain.ts";
import { createSignedInHome } from "../support/home.ts";
import { startSession } from "../support/pty.ts";

test(
  "at a terminal it shows what it waits for, and gives up after --timeout",
  { tags: ["long"] },
  async () => {
    const home = await createSignedInHome();
    home.emulator.setFault({ route: "ListAccounts", delayMs: 30_000 });
    const session = startSession(home, ["explain", "--timeout", "4", ENDED], 80, {
      AWS_PROFILE: "okta",
    });
    await session.see(/waiting for/i);
    await session.see("the problem is a different one");
    expect(await session.ended).toBe(0);
  },
);
