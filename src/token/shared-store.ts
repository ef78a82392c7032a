import type { AccessToken } from "../model/access-token.ts";
import { parseJson } from "../text/json.ts";
import {
  formatRoleCredentials,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { roleCredentialsPath, tokenFilePath } from "../fs/paths.ts";
import { pauseSync } from "../fs/write.ts";
import { openSecretFile, writeSecretFile, type Replacement } from "../fs/replace.ts";
import { listTemporaries } from "../fs/temporary.ts";
import { findReadRefusal, readCacheText, removeFile } from "../fs/read.ts";
import { readCachedRole, readSignInMark } from "./role-cache.ts";
import { toTokenState, type LeftToken, type TokenState, type TokenStore } from "./store.ts";

/**
 * The pause between attempts to read a file that is being written. It is short, because a writer may leave the file
 * empty most of the time. latchkey gives up after half a second.
 */
const TORN_READ_PAUSE_MILLISECONDS = 10;
const TORN_READ_TRIES = 50;

/**
 * Stores tokens in the cache that all AWS clients share, `~/.aws/sso/cache`. The AWS CLI truncates and rewrites token
 * files in place, and the SDK for JavaScript writes them without a rename. So latchkey can see empty and partial files.
 * It then waits for the writer, and never deletes or repairs such a file.
 */
export class SharedTokenStore implements TokenStore {
  readonly kind = "file";
  readonly #home: string;
  readonly #session: SsoSession;
  readonly #path: string;
  readonly #sleep: (milliseconds: number) => Promise<void>;

  constructor(home: string, session: SsoSession, sleep: (milliseconds: number) => Promise<void>) {
    this.#home = home;
    this.#session = session;
    this.#path = tokenFilePath(home, sessionCacheKey(session));
    this.#sleep = sleep;
  }

  async read(): Promise<AccessToken | undefined> {
    for (let tries = 0; tries < TORN_READ_TRIES; tries += 1) {
      const state = this.#look();
      if (state.kind !== "torn") return tokenOf(state);
      await this.#sleep(TORN_READ_PAUSE_MILLISECONDS);
    }
    return tokenOf(this.#look());
  }

  readNow(): TokenState {
    for (let tries = 0; tries < TORN_READ_TRIES; tries += 1) {
      const state = this.#look();
      if (state.kind !== "torn") return state;
      pauseSync(TORN_READ_PAUSE_MILLISECONDS);
    }
    return this.#look();
  }

  exists(): boolean {
    return readCacheText(this.#path) !== undefined;
  }

  readLeft(): LeftToken[] {
    return listTemporaries(this.#path).map((path) => {
      const stored = parseJson(readCacheText(path) ?? "");
      return { path, state: toTokenState(stored, this.#session) };
    });
  }

  open(reserveBytes: number): Replacement {
    return openSecretFile(this.#path, reserveBytes);
  }

  remove(): string | undefined {
    if (this.#look().kind === "foreign") return undefined;
    return removeFile(this.#path) ? this.#path : undefined;
  }

  readMark(): SignInMark {
    return readSignInMark(this.#path);
  }

  readRole(ref: RoleRef): CachedRoleCredentials | undefined {
    try {
      return readCachedRole(this.#home, ref);
    } catch {
      return undefined;
    }
  }

  writeRole(ref: RoleRef, credentials: CachedRoleCredentials): void {
    writeSecretFile(roleCredentialsPath(this.#home, ref), formatRoleCredentials(credentials, ref));
  }

  #look(): TokenState {
    const text = readCacheText(this.#path);
    if (text === undefined) return { kind: "absent", refusal: findReadRefusal(this.#path) };
    const stored = parseJson(text);
    if (stored === undefined) return { kind: "torn" };
    return toTokenState(stored, this.#session);
  }
}

function tokenOf(state: TokenState): AccessToken | undefined {
  return state.kind === "token" ? state.token : undefined;
}
