import type { MessageFamily } from "../message.ts";

/** The AWS Toolkits of editors. */
export const TOOLKITS: MessageFamily = {
  client: "vscode",
  messages: [],
};
