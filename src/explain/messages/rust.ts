import type { MessageFamily } from "../message.ts";

/** The SDK for Rust. */
export const RUST: MessageFamily = {
  client: "rust",
  messages: [],
};
