"""What a developer writes with boto3 to list every role: its own paginators and retries."""
import json
import sys

import boto3

with open(sys.argv[1], encoding="utf8") as file:
    token = json.load(file)["accessToken"]
client = boto3.client("sso", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
roles = []
for page in client.get_paginator("list_accounts").paginate(accessToken=token):
    for account in page["accountList"]:
        for answer in client.get_paginator("list_account_roles").paginate(accessToken=token, accountId=account["accountId"]):
            roles.extend(answer["roleList"])
print(json.dumps(roles))
