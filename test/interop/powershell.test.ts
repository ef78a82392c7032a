import { createSignedInHome } from "../support/home.ts";
import { testWithProgram } from "../support/on-node-only.ts";
import { patience } from "../support/patience.ts";
import { startTmuxShell } from "../support/tmux.ts";

testWithProgram(
  "pwsh",
  "at PowerShell's prompt, in a real terminal, Tab completes, words arrive as typed, and use takes effect at once",
  async () => {
    const home = await createSignedInHome();
    home.write(
      ".config/powershell/Microsoft.PowerShell_profile.ps1",
      'latchkey shell-init powershell | Invoke-Expression\nfunction prompt { "$(latchkey_prompt) READY$([char]62) " }\n',
    );
    const shell = startTmuxShell(home, { columns: 150 });
    shell.run("pwsh -NoLogo");
    await shell.see("READY>");
    shell.type("latchkey whoa");
    shell.press("Tab");
    await shell.see("READY> latchkey whoami");
    shell.press("C-u");
    shell.type("latchkey use ok");
    shell.press("Tab");
    await shell.see("READY> latchkey use okta");
    shell.press("Enter");
    await shell.see("aws:okta@eu-west-1 READY>");
    shell.run('latchkey use -u; "now <$Env:AWS_PROFILE> $?"');
    await shell.see("now <> True");
    shell.run("latchkey exec okta -- printf '<%s>' -p:A=B '*' a,b");
    await shell.see("<-p:A=B><*><a,b>");
    shell.run('latchkey use nope; "$? $LASTEXITCODE"');
    await shell.see("False 7");
    shell.run("latchkey use");
    await shell.see("? Profile");
    shell.press("Enter");
    await shell.see("This shell uses okta");
  },
  patience(60_000),
);
