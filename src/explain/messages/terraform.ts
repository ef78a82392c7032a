import type { MessageFamily } from "../message.ts";

/** Terraform and OpenTofu, which have aws-sdk-go-base inside. */
export const TERRAFORM: MessageFamily = {
  client: "terraform",
  messages: [],
};
