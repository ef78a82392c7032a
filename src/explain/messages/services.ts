import type { MessageFamily } from "../message.ts";

/** The words of AWS services, which every client passes on. */
export const SERVICES: MessageFamily = {
  client: undefined,
  messages: [],
};
