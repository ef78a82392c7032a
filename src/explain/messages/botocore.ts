import { rows, type MessageFamily } from "../message.ts";

/** The AWS CLI, and boto3, whose library it has. */
export const BOTOCORE: MessageFamily = {
  client: "aws-cli",
  messages: [
    ...rows("token-missing", "Error loading SSO Token: Token for {session} does not exist"),
    ...rows("profile-missing", "The config profile ({profile}) could not be found"),
  ],
};
