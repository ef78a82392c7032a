import type { MessageFamily } from "../message.ts";

/** The SDK for JavaScript v3. */
export const JAVASCRIPT: MessageFamily = {
  client: "javascript",
  messages: [],
};
