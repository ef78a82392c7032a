import type { MessageFamily } from "../message.ts";

/** The CDK and the Serverless Framework. */
export const DEPLOY: MessageFamily = {
  client: "cdk",
  messages: [],
};
