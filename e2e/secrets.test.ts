/** Secrets are planted wherever one may stand, everything is used, and then they are looked for wherever words go. */
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { rootPassword } from "../simulator/host.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { notInstalled } from "./harness/commands.ts";
import { startSimulatedApp } from "./harness/simulated-app.ts";
import { until } from "./harness/until.ts";

const planted = {
  token: "planted.token.1b1f4a2c9d",
  wrongToken: "planted.wrong.token.77aa",
  password: rootPassword,
  wrongPassword: "planted-wrong-password",
  passphrase: "planted passphrase 5",
  literal: "planted-literal-in-the-file",
};

const env = {
  ECOMAN_TOKEN: planted.token,
  PLANTED_PASSWORD: planted.password,
  PLANTED_WRONG_PASSWORD: planted.wrongPassword,
  PLANTED_PASSPHRASE: planted.passphrase,
};

/** The first host by password, the second by an encrypted key, the third by a password that is wrong. */
function plant(printed: string, { privateKeyPath, dataDir }: Simulator): string {
  const key = join(dataDir, "encrypted");
  copyFileSync(privateKeyPath, key);
  execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", planted.passphrase, "-f", key], { stdio: "pipe" });
  const credentials = [
    "password_env: PLANTED_PASSWORD",
    `identity_file_path: ${key}\n  passphrase_env: PLANTED_PASSPHRASE`,
    "password_env: PLANTED_WRONG_PASSWORD",
  ];
  return printed.replaceAll(/identity_file_path: .*/g, () => credentials.shift() ?? "");
}

const everything = `{
  viewer { name signedInBy permissions } serverInfo { version store }
  nodes { nodes { name address status statusMessage defaults { datastorePath } } }
  vms { nodes { id name comment readError } }
  tasks { nodes { id actor commands hostOutput result error { message } steps { detail } } }
}`;

const missing = notInstalled("ssh-keygen");

test.skipIf(missing)(`no secret is in logs, answers or files (${missing ?? "all planted"})`, async () => {
  const answers: string[] = [];
  await using simulated = await startSimulatedApp({ hosts: 3, vmsPerHost: 2, env, hostsYml: plant });
  const ask = async (query: string, token?: string): Promise<string> => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const body = JSON.stringify({ query });
    const response = await fetch(`${simulated.url}/graphql`, { method: "POST", headers, body });
    const text = `${response.status} ${[...response.headers].join(" ")} ${await response.text()}`;
    answers.push(text);
    return text;
  };
  const isSettled = async (): Promise<boolean> => {
    const text = await ask(everything, planted.token);
    return text.split('"ONLINE"').length === 3 && text.includes('"AUTH_FAILED"');
  };
  await until(isSettled, { what: "two nodes that let us in and one that does not" });

  expect(await ask(everything)).toMatch(/^401 .*UNAUTHENTICATED/s);
  expect(await ask(everything, planted.wrongToken)).toMatch(/^401 .*UNAUTHENTICATED/s);
  expect(await closeOf(simulated.url, planted.wrongToken)).toBe(4403);
  const [id] = /vm_\w+/.exec(await ask('{ vms(filter: { nodes: ["esx01"] }) { nodes { id } } }', planted.token)) ?? [];
  await ask(`mutation { setPower(input: { vmId: "${id}", action: ON }) { task { id } } }`, planted.token);
  await ask('mutation { refreshNode(name: "esx03") { task { id } userErrors { message } } }', planted.token);
  await until(async () =>
    (await ask("{ tasks(filter: { states: [QUEUED, RUNNING] }) { totalCount } }", planted.token)).includes(
      '"totalCount":0',
    ),
  );

  const good = await readFile(simulated.hostsPath, "utf8");
  await writeFile(simulated.hostsPath, good.replace("password_env: PLANTED_PASSWORD", `password: ${planted.literal}`));
  await until(() => simulated.logLines.some((line) => line.includes("hosts.yml has faults")));
  await simulated.restart(() => writeFile(simulated.hostsPath, good));
  await until(isSettled);

  const stored = await simulated.store.read();
  expect(stored).toContain("esx01");
  const keyText = await readFile(simulated.simulator.privateKeyPath, "utf8");
  const secrets = { ...planted, keyBody: keyText.split("\n")[5] ?? "" };
  for (const [what, secret] of Object.entries(secrets)) {
    for (const form of [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")]) {
      expect(
        simulated.logLines.filter((line) => line.includes(form)),
        `${what} in the log`,
      ).toEqual([]);
      expect(
        answers.filter((answer) => answer.includes(form)),
        `${what} in an answer`,
      ).toEqual([]);
      expect(stored.includes(form), `${what} in the store`).toBe(false);
    }
  }
});

/** The code with which a WebSocket is closed that introduces itself with this token. */
function closeOf(url: string, token: string): Promise<number> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws");
  const payload = { authorization: `Bearer ${token}` };
  socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
  return new Promise((resolve) => socket.once("close", resolve));
}
