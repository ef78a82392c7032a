import type { MessageFamily } from "../message.ts";

/** kubectl, Docker and git, which start another client. */
export const TOOLS: MessageFamily = {
  client: "kubectl",
  messages: [],
};
