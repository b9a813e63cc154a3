import { expect, test } from "vitest";
import { hostUiUrl, sshCommand } from "./links.ts";

test.each([
  ["esx01.lab", "https://esx01.lab/ui/#/host/vms/12"],
  ["10.0.0.11", "https://10.0.0.11/ui/#/host/vms/12"],
  ["fe80::1", "https://[fe80::1]/ui/#/host/vms/12"],
])("the host's own page on %s is %s", (address, url) => {
  expect(hostUiUrl(address, 12)).toBe(url);
});

test.each([
  "",
  "esx01.lab/evil",
  "evil.lab#",
  "a@b",
  "javascript:alert(1)",
  "esx01:8443",
  "-esx",
  "a..b",
  "999.1.1.1",
  "1:2:3",
  "esx01 lab",
])("there is none on %j", (address) => {
  expect(hostUiUrl(address, 12)).toBeUndefined();
});

test("a command for a shell is made of an address and a plain name alone", () => {
  expect(sshCommand("root", "10.0.0.1")).toBe("ssh root@10.0.0.1");
  expect(sshCommand("root", "fd00::5")).toBe("ssh root@fd00::5");
  for (const ip of [null, "", "10.0.0.1; reboot", "$(reboot)", "web.lab", "-oProxyCommand=x"]) {
    expect(sshCommand("root", ip)).toBeUndefined();
  }
  for (const user of ["", "-l", "a b", "a;b", "$(x)"]) expect(sshCommand(user, "10.0.0.1")).toBeUndefined();
});
