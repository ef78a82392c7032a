import { formatInstant, parseInstant } from "../../text/instant.ts";
import { isRecord, readText } from "../../text/json.ts";
import { scimRecordPath, vaultScimPath } from "../../fs/paths.ts";
import { writeSecretFile } from "../../fs/replace.ts";
import { readCacheJson } from "../../fs/read.ts";
import { openSealedFile, readSealedFile, type VaultKey } from "../../token/sealed-file.ts";

/** SCIM endpoints that an administrator has saved, with the date on which the token ends; the token only in the vault. */

export interface ScimRecord {
  readonly endpoint: string;
  readonly tokenExpiresAt: Date | undefined;
}

/** The one saved last comes first. */
export function readScimRecords(home: string): ScimRecord[] {
  const stored = readCacheJson(scimRecordPath(home));
  if (!isRecord(stored) || stored["version"] !== 1 || !Array.isArray(stored["endpoints"]))
    return [];
  return stored["endpoints"].filter(isRecord).flatMap((entry) => {
    const endpoint = readText(entry["endpoint"]);
    return endpoint === undefined
      ? []
      : [{ endpoint, tokenExpiresAt: parseInstant(entry["tokenExpiresAt"]) }];
  });
}

export function writeScimRecord(home: string, record: ScimRecord): string {
  const path = scimRecordPath(home);
  const records = [
    record,
    ...readScimRecords(home).filter(({ endpoint }) => endpoint !== record.endpoint),
  ];
  const endpoints = records.map(({ endpoint, tokenExpiresAt }) => ({
    endpoint,
    tokenExpiresAt: tokenExpiresAt === undefined ? null : formatInstant(tokenExpiresAt),
  }));
  writeSecretFile(path, `${JSON.stringify({ version: 1, endpoints }, undefined, 2)}\n`);
  return path;
}

export function readScimToken(
  home: string,
  key: VaultKey | undefined,
  endpoint: string,
): string | undefined {
  return readSealedFile(vaultScimPath(home, endpoint), key, ["scim-token", endpoint]);
}

export function writeScimToken(home: string, key: VaultKey, endpoint: string, token: string): void {
  openSealedFile(vaultScimPath(home, endpoint), key, ["scim-token", endpoint], 0).commit(token);
}
