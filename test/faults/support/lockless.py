"""Refreshes or rewrites a token file as the AWS CLI does: without lock and rename, it truncates and then writes.

usage: lockless.py refresh FILE TOKEN_ENDPOINT
       lockless.py rewrite FILE SECONDS
"""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request


def read(path):
    for _ in range(100):
        try:
            with open(path) as file:
                return json.load(file)
        except ValueError:
            time.sleep(0.02)
    sys.exit("the token file stayed torn")


def write(path, token):
    text = json.dumps(token)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.truncate()
        file.flush()
        time.sleep(random.uniform(0.005, 0.03))
        half = len(text) // 2
        file.write(text[:half])
        file.flush()
        time.sleep(random.uniform(0.005, 0.03))
        file.write(text[half:])


def is_expired(token):
    return token["expiresAt"] < time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def refresh(path, endpoint):
    token = read(path)
    if not is_expired(token):
        return
    asked = {"grantType": "refresh_token", **{key: token[key] for key in ("clientId", "clientSecret", "refreshToken")}}
    request = urllib.request.Request(endpoint, json.dumps(asked).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            issued = json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(0 if not is_expired(read(path)) else f"refused with {error.code}")
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + issued["expiresIn"]))
    write(path, {**token, "accessToken": issued["accessToken"], "refreshToken": issued["refreshToken"], "expiresAt": end})


def rewrite(path, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        write(path, read(path))
        time.sleep(random.uniform(0.0, 0.02))


if sys.argv[1] == "refresh":
    refresh(sys.argv[2], sys.argv[3])
else:
    rewrite(sys.argv[2], float(sys.argv[3]))
