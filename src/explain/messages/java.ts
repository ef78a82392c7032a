import type { MessageFamily } from "../message.ts";

/** The SDK for Java v2. */
export const JAVA: MessageFamily = {
  client: "java",
  messages: [],
};
