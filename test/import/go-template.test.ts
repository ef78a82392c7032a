import { expect, test } from "vitest";
import { renderGoTemplate } from "../../src/import/aws-sso/go-template.ts";

const FIELDS = new Map([
  ["AccountId", "42"],
  ["AccountIdPad", "000000000042"],
  ["AccountName", ""],
  ["AccountAlias", "Control Tower"],
  ["RoleName", "ViewOnly"],
]);

/** ProfileFormat → the name that Go and sprig make; undefined if the template is not supported. */
test.each([
  ["plain", "plain"],
  ["{{ .AccountIdPad }}:{{ .RoleName }}", "000000000042:ViewOnly"],
  ["{{.AccountIdPad}}{{.RoleName}}", "000000000042ViewOnly"],
  ["a {{- .RoleName -}} b", "aViewOnlyb"],
  ["{{ AccountIdStr .AccountId }}", "000000000042"],
  ["{{ FirstItem .AccountName .AccountAlias }}", "Control Tower"],
  [
    "{{ FirstItem .AccountName (.AccountAlias | nospace) }}:{{ .RoleName }}",
    "ControlTower:ViewOnly",
  ],
  ["{{ FirstItem .AccountName (nospace .AccountAlias) | lower }}", "controltower"],
  ['{{ StringsJoin ":" .AccountAlias .AccountName .RoleName }}', "Control Tower:ViewOnly"],
  ['{{ StringReplace " " "_" .AccountAlias }}', "Control_Tower"],
  ['{{ .AccountAlias | replace " " "-" | lower }}', "control-tower"],
  ["{{ kebabcase .AccountAlias }}/{{ snakecase .RoleName }}", "control-tower/view_only"],
  ['{{ .RoleName | trimPrefix "View" }}', "Only"],
  ["{{ .RoleName | trimSuffix `Only` | upper }}", "VIEW"],
  ['{{ .AccountName | default "none" }}', "none"],
  ["{{ .EmailAddress }}", undefined],
  ["{{ FirstItem .EmailAddress .AccountAlias }}", undefined],
  ["{{ FirstItem .AccountAlias .EmailAddress }}", "Control Tower"],
  ["{{ .Tags.Team }}", undefined],
  ["{{ if .AccountName }}a{{ end }}", undefined],
  ['{{ splitList "/" .RoleName | last }}', undefined],
  ["{{ nospace .RoleName .RoleName }}", undefined],
  ["{{ (.RoleName }}", undefined],
  ["{{ .RoleName", undefined],
  ["{{ }}", undefined],
  ["{{ kebabcase .AccountIdPad }}", undefined],
  [`{{ .RoleName }}${"x".repeat(5000)}`, undefined],
])("%s makes %s", (template, name) => {
  expect(renderGoTemplate(template, FIELDS)).toBe(name);
});
