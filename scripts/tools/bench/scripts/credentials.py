"""What a developer writes with boto3: credentials of a profile through IAM Identity Center."""
import json
import sys

import boto3

frozen = boto3.Session(profile_name=sys.argv[1]).get_credentials().get_frozen_credentials()
print(json.dumps({"Version": 1, "AccessKeyId": frozen.access_key, "SecretAccessKey": frozen.secret_key, "SessionToken": frozen.token}))
