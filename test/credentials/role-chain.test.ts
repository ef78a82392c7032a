import { expect, test } from "vitest";
import { extendChain } from "../../src/credentials/role-chain.ts";

test("the error about a circular or too long chain shows the chain", () => {
  expect(extendChain(undefined, "a")).toBe("a");
  expect(extendChain("a,b", "c")).toBe("a,b,c");
  expect(() => extendChain("a,b", "a")).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: 'The profile "a" leads back to itself: a → b → a.',
    }),
  );
  expect(() => extendChain("a,b,c,d", "e")).toThrow(/too many/);
});
