import type { MessageFamily } from "../message.ts";

/** The SDKs for Go, v2 and v1. */
export const GO: MessageFamily = {
  client: "go-v2",
  messages: [],
};
