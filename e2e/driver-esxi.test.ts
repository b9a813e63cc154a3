/**
 * The driver's contract against a real ESXi host, reading only. It runs where these are set: ESXI_TEST_HOST (address),
 * ESXI_TEST_USER, ESXI_TEST_KEY (path of a private key), ESXI_TEST_HOST_KEY (`SHA256:…`); ESXI_TEST_PORT is 22 unless set.
 */
import { describe } from "vitest";
import { type DriverUnderTest, driverContract } from "../server/esxi/driver.contract.ts";
import { nodeConfigFor } from "./openssh/node-config.ts";
import { openDriver } from "./openssh/open-driver.ts";

const needed = ["ESXI_TEST_HOST", "ESXI_TEST_USER", "ESXI_TEST_KEY", "ESXI_TEST_HOST_KEY"] as const;
const unset = needed.filter((name) => !process.env[name]);
const reason = unset.length === 0 ? "" : ` (skipped: ${unset.join(", ")} not set)`;

describe.skipIf(unset.length > 0)(`on a real ESXi host${reason}`, () => {
  driverContract("ESXI_TEST_HOST, reading only", false, open);
});

async function open(): Promise<DriverUnderTest> {
  const [address = "", username = "", identityFilePath = "", pin = ""] = needed.map((name) => process.env[name] ?? "");
  const port = Number(process.env["ESXI_TEST_PORT"] ?? 22);
  const driver = openDriver(nodeConfigFor({ address, port, username, identityFilePath, pins: [pin] }));
  return { driver, control: undefined, close: () => driver.close() };
}
