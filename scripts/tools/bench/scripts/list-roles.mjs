// A script as a developer writes it with the AWS SDK for JavaScript: lists every role with the SDK's own paginators and
// retries.
import { readFileSync } from "node:fs";
import { paginateListAccountRoles, paginateListAccounts, SSOClient } from "@aws-sdk/client-sso";

const { accessToken } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const client = new SSOClient({ region: "us-east-1" });
const roles = [];
for await (const { accountList = [] } of paginateListAccounts({ client }, { accessToken }))
  for (const { accountId } of accountList)
    for await (const { roleList = [] } of paginateListAccountRoles(
      { client },
      { accessToken, accountId },
    ))
      roles.push(...roleList);
console.log(JSON.stringify(roles));
