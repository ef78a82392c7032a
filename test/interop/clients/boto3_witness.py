"""boto3 and botocore as witnesses: who a profile is, and how a config is read."""
import json
import sys


def identity(profile):
    import boto3

    print(boto3.Session(profile_name=profile).client("sts", region_name="us-east-1").get_caller_identity()["Arn"])


def read(path):
    from botocore.configloader import load_config

    print(json.dumps(load_config(path)["profiles"]))


if __name__ == "__main__":
    {"identity": identity, "read": read}[sys.argv[1]](sys.argv[2])
