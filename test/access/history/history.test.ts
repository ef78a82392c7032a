import { describe, expect, test } from "vitest";
import { findHistoryChanges } from "../../../src/access/history/changes.ts";
import { formatHistory, parseHistory } from "../../../src/access/history/format.ts";
import {
  EMPTY_TIMELINE,
  findLastSeen,
  findNewRoles,
  joinTimelines,
  recordListing,
  type AccessHistory,
  type Timeline,
} from "../../../src/access/history/history.ts";

/** A month of listings, with the time as an argument. */

const PAYMENTS = "111122223333";
const SEARCH = "222233334444";
const NAMES: Readonly<Record<string, string>> = { [PAYMENTS]: "payments", [SEARCH]: "search" };

function toDate(text: string): Date {
  return new Date(`2026-${text}`);
}

function day(number: number): Date {
  return new Date(Date.UTC(2026, 10, number, 9));
}

type Held = Readonly<Record<string, readonly string[]>>;

function list(before: Timeline, at: Date, held: Held, { names = NAMES, now = at } = {}): Timeline {
  const roles = Object.entries(held).flatMap(([accountId, roleNames]) =>
    roleNames.map((roleName) => ({ accountId, accountName: names[accountId], roleName })),
  );
  return recordListing(before, { listedAt: at, roles }, now);
}

/** Listings by their day in November. */
function listAll(listings: ReadonlyArray<readonly [number, Held]>): Timeline {
  return listings.reduce(
    (before, [number, held]) => list(before, day(number), held),
    EMPTY_TIMELINE,
  );
}

function describeSpans({ spans }: Timeline): string[] {
  const toDay = (date: Date | undefined): string => String(date?.getUTCDate() ?? "");
  return spans.map(({ accountId, roleName, firstSeen, lastSeen, goneAt }) =>
    `${NAMES[accountId]}/${roleName} ${toDay(firstSeen)}-${toDay(lastSeen)} ${toDay(goneAt)}`.trim(),
  );
}

const MONTH: ReadonlyArray<readonly [number, Held]> = [
  [1, { [PAYMENTS]: ["ReadOnly", "Deploy"] }],
  [3, { [PAYMENTS]: ["ReadOnly"] }],
  [10, { [PAYMENTS]: ["ReadOnly"], [SEARCH]: ["Admin"] }],
  [17, { [PAYMENTS]: ["ReadOnly", "Deploy"], [SEARCH]: ["Admin", "Billing"] }],
  [24, { [PAYMENTS]: ["ReadOnly", "Deploy"], [SEARCH]: ["Billing"] }],
  [28, { [PAYMENTS]: ["ReadOnly", "Deploy"] }],
];

describe("a month of listings", () => {
  test("has a span for each period in which a role was held; a role that comes back starts a new one", () => {
    expect(describeSpans(listAll(MONTH))).toEqual([
      "payments/ReadOnly 1-28",
      "payments/Deploy 1-1 3",
      "search/Admin 10-17 24",
      "payments/Deploy 17-28",
      "search/Billing 17-24 28",
    ]);
  });

  test.each<[since: number, wanted: readonly string[]]>([
    [
      1,
      [
        "account came search 10",
        "account went search 28 (24)",
        "role came search/Billing 17",
        "role came payments/Deploy 17",
        "role came search/Admin 10",
        "role went search/Billing 28 (24)",
        "role went search/Admin 24 (17)",
        "role went payments/Deploy 3 (1)",
      ],
    ],
    [
      17,
      [
        "account went search 28 (24)",
        "role came payments/Deploy 17",
        "role came search/Billing 17",
        "role went search/Billing 28 (24)",
        "role went search/Admin 24 (17)",
      ],
    ],
    [25, ["account went search 28 (24)", "role went search/Billing 28 (24)"]],
    [29, []],
  ])("since day %i, shows what was gained and lost, newest first", (since, wanted) => {
    const { accounts, roles } = findHistoryChanges(listAll(MONTH), day(since));
    const account = ({ accountName }: { readonly accountName: string | undefined }) => accountName;
    const role = (each: { readonly accountName: string | undefined; readonly roleName: string }) =>
      `${each.accountName}/${each.roleName}`;
    const went = ({ at, lastSeenAt }: { readonly at: Date; readonly lastSeenAt: Date }) =>
      `${at.getUTCDate()} (${lastSeenAt.getUTCDate()})`;
    const shown = [
      ...accounts.came.map((each) => `account came ${account(each)} ${each.at.getUTCDate()}`),
      ...accounts.went.map((each) => `account went ${account(each)} ${went(each)}`),
      ...roles.came.map((each) => `role came ${role(each)} ${each.at.getUTCDate()}`),
      ...roles.went.map((each) => `role went ${role(each)} ${went(each)}`),
    ];
    expect(shown.sort()).toEqual([...wanted].sort());
    expect(roles.went).toEqual([...roles.went].sort((a, b) => b.at.getTime() - a.at.getTime()));
  });

  test("an account that loses its last role and gains another at once is neither new nor gone", () => {
    const timeline = listAll([
      [1, { [PAYMENTS]: ["ReadOnly"] }],
      [2, { [PAYMENTS]: ["Admin"] }],
    ]);
    const { accounts, roles } = findHistoryChanges(timeline, day(1));
    expect(accounts).toEqual({ came: [], went: [] });
    expect([roles.came.length, roles.went.length]).toEqual([1, 1]);
  });

  test("a renamed account is the same, and all its spans get the new name", () => {
    const before = listAll(MONTH.slice(0, 2));
    const renamed = list(
      before,
      day(4),
      { [PAYMENTS]: ["ReadOnly"] },
      { names: { [PAYMENTS]: "money" } },
    );
    expect(renamed.spans.map(({ accountName }) => accountName)).toEqual(["money", "money"]);
    expect(findHistoryChanges(renamed, day(4))).toEqual(findHistoryChanges(before, day(4)));
  });

  test("a role that has been gone for over 400 days is removed, one that is held never is", () => {
    const later = new Date(day(3).getTime() + 401 * 24 * 60 * 60 * 1000);
    const timeline = list(listAll(MONTH.slice(0, 2)), later, { [PAYMENTS]: ["ReadOnly"] });
    expect(timeline.spans.map(({ roleName }) => roleName)).toEqual(["ReadOnly"]);
    expect(timeline.beganAt).toEqual(day(1));
  });

  test("the older of two concurrent listings changes nothing, whichever ends first", () => {
    const before = listAll(MONTH.slice(0, 2));
    const newer = list(before, day(6), { [PAYMENTS]: ["ReadOnly", "Admin"] });
    const older = list(newer, day(5), { [PAYMENTS]: ["ReadOnly"] }, { now: day(6) });
    expect(older).toEqual(newer);
  });

  test("a history from a clock that was ahead continues at the right time", () => {
    const ahead = list(EMPTY_TIMELINE, toDate("12-24T00:00:00Z"), { [PAYMENTS]: ["ReadOnly"] });
    const right = list(ahead, day(5), { [PAYMENTS]: ["ReadOnly", "Deploy"] });
    const next = list(right, day(6), { [PAYMENTS]: ["Deploy"] });
    expect(describeSpans(next)).toEqual(["payments/ReadOnly 5-5 6", "payments/Deploy 5-6"]);
  });
});

test("listings from before the user's name was known become a full part of their history", () => {
  const known = listAll(MONTH.slice(0, 2));
  const apart = listAll(MONTH.slice(2));
  expect(describeSpans(joinTimelines(known, apart, day(28)))).toEqual(
    describeSpans(listAll(MONTH)),
  );
  expect(joinTimelines(EMPTY_TIMELINE, apart, day(28))).toEqual(apart);
});

test("a role is new for a week, unless it was in the first listing", () => {
  const timeline = listAll(MONTH);
  const names = (now: Date) => findNewRoles(timeline, now).map(({ roleName }) => roleName);
  expect(names(day(18))).toEqual(["Deploy"]);
  expect(names(day(25))).toEqual([]);
  expect(findNewRoles(listAll(MONTH.slice(0, 1)), day(2))).toEqual([]);
});

test("the history tells when a role was last seen, even if it was lost twice", () => {
  const timeline = listAll([...MONTH, [29, { [PAYMENTS]: ["ReadOnly"] }]]);
  const find = (accountId: string, roleName: string) =>
    findLastSeen(timeline, { accountId, roleName })?.getUTCDate();
  expect(find(PAYMENTS, "Deploy")).toBe(28);
  expect(find(SEARCH, "Admin")).toBe(17);
  expect(find(SEARCH, "Deploy")).toBeUndefined();
});

describe("as a file", () => {
  const OWNER = {
    startUrl: "https://emu.awsapps.com/start",
    region: "us-east-1",
    userName: "okta.user@example.com",
  };
  const HISTORY: AccessHistory = {
    userName: OWNER.userName,
    ...listAll(MONTH),
    favourites: [{ accountId: PAYMENTS, roleName: "Deploy" }],
  };
  const TEXT = formatHistory(OWNER, HISTORY);

  test("it is read back unchanged", () => {
    expect(parseHistory(TEXT, OWNER)).toEqual(HISTORY);
    const none = { userName: OWNER.userName, ...EMPTY_TIMELINE, favourites: [] };
    expect(parseHistory(formatHistory(OWNER, none), OWNER)).toEqual(none);
  });

  test.each<[what: string, damage: (text: string) => string]>([
    ["half of it", (text) => text.slice(0, text.length / 2)],
    ["another version", (text) => text.replace('"version":1', '"version":2')],
    ["another portal's", (text) => text.replace("https://emu.", "https://other.")],
    ["another region's", (text) => text.replace('"us-east-1"', '"eu-west-1"')],
    ["somebody else's", (text) => text.replace("okta.user", "somebody.else")],
    ["an invalid account", (text) => text.replace(PAYMENTS, "../../../etc")],
    ["an invalid role", (text) => text.replace('"roleName":"ReadOnly"', '"roleName":7')],
    ["an invalid time", (text) => text.replace(/"firstSeen":"[^"]*"/, '"firstSeen":"once"')],
    ["an invalid end", (text) => text.replace(/"goneAt":"[^"]*"/, '"goneAt":"once"')],
    ["no beginning", (text) => text.replace(/"beganAt":"[^"]*"/, '"beganAt":null')],
    ["no favourites", (text) => text.replace(/"favourites":\[[^\]]*\]/, '"favourites":{}')],
    ["nothing", () => ""],
    ["deep nonsense", () => "[".repeat(100_000)],
  ])("%s makes the file invalid", (_, damage) => {
    expect(damage(TEXT)).not.toBe(TEXT);
    expect(parseHistory(damage(TEXT), OWNER)).toBeUndefined();
  });
});
