import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createTestFolder } from "./test-folder.ts";

const hosts = "esx1: {addr: a, username: root, identity_file_path: id_test}";
const token = "0123456789abcdefghij";

async function keysAtFault(env: Record<string, string>): Promise<string[]> {
  const folder = await createTestFolder(hosts);
  return (await folder.faults(env)).map(({ key }) => key);
}

describe("the environment", () => {
  test("has the original's defaults", async () => {
    const folder = await createTestFolder(hosts);
    const { nodes, ...rest } = await folder.read({ PORT: "" });
    expect(nodes).toHaveLength(1);
    expect(rest).toEqual({
      hostsPath: `${folder.path}/hosts.yml`,
      crawlIntervalMs: 60_000,
      vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
      host: "127.0.0.1",
      port: 4000,
      dataDir: `${folder.path}/data`,
      mongo: undefined,
      logLevel: "info",
      token: undefined,
      allowedHosts: [],
      tls: undefined,
      notices: [],
    });
  });

  test("sets what it names", async () => {
    const folder = await createTestFolder(hosts);
    const config = await folder.read({
      CRAWLER_INTERVAL: "2.5",
      DASHBOARD_THRESHOLD_CPU: "9",
      DASHBOARD_THRESHOLD_RAM_MB: "1024",
      DASHBOARD_THRESHOLD_STORAGE_GB: "1.5",
      HOST: "0.0.0.0",
      PORT: "0",
      DATA_DIR: "/var/lib/ecoman",
      LOG_LEVEL: "warn",
      ECOMAN_TOKEN: token,
      ALLOWED_HOSTS: "EcoMan.lab, ecoman.lab:8443 ,[fd00::5]:4000",
    });
    expect(config).toMatchObject({
      crawlIntervalMs: 2500,
      vmThresholds: { cpu: 9, ramMb: 1024, storageGb: 1.5 },
      host: "0.0.0.0",
      port: 0,
      dataDir: "/var/lib/ecoman",
      logLevel: "warn",
      allowedHosts: ["ecoman.lab", "ecoman.lab:8443", "[fd00::5]:4000"],
    });
    expect(config.token?.reveal()).toBe(token);
    expect(config.nodes[0]?.vmThresholds.cpu).toBe(9);
  });

  test("is told all its faults, with those of hosts.yml", async () => {
    const folder = await createTestFolder("esx1: {}");
    const faults = await folder.faults({
      CRAWLER_INTERVAL: "0",
      PORT: "x",
      LOG_LEVEL: "loud",
      ALLOWED_HOSTS: "https://a",
    });
    const places = faults.map(({ file, key }) => `${file === undefined ? "environment" : "file"} ${key}`);
    expect(places).toEqual([
      "environment CRAWLER_INTERVAL",
      "environment PORT",
      "environment LOG_LEVEL",
      "environment ALLOWED_HOSTS",
      "file esx1.addr",
      "file esx1.username",
      "file esx1.identity_file_path",
    ]);
  });

  test.each(["0.0.0.0", "::", "192.0.2.7", "ecoman.lab"])("refuses to listen on %s without a token", async (host) => {
    expect(await keysAtFault({ HOST: host })).toEqual(["ECOMAN_TOKEN"]);
  });

  test.each(["127.0.0.1", "127.9.9.9", "::1", "localhost"])("listens on %s without a token", async (host) => {
    const folder = await createTestFolder(hosts);
    expect(await folder.read({ HOST: host })).toMatchObject({ host, token: undefined, notices: [] });
  });

  test("tells where beyond loopback nobody would be let in", async () => {
    const folder = await createTestFolder(hosts);
    const env = { HOST: "0.0.0.0", ECOMAN_TOKEN: token };
    expect((await folder.read(env)).notices.join()).toContain("ALLOWED_HOSTS");
    expect((await folder.read({ ...env, ALLOWED_HOSTS: "ecoman.lab:4000" })).notices.join()).not.toContain(
      "ALLOWED_HOSTS",
    );
  });

  test("recommends TLS beyond loopback", async () => {
    const folder = await createTestFolder(hosts);
    const { notices } = await folder.read({ HOST: "0.0.0.0", ECOMAN_TOKEN: token });
    expect(notices.join()).toMatch(/TLS/);
  });

  test.each(["short", "a".repeat(201), `${token} x`, `${token}"`, `${token}é`])(
    "refuses the token %j unseen",
    async (text) => {
      const folder = await createTestFolder(hosts);
      const [fault] = await folder.faults({ ECOMAN_TOKEN: text });
      expect(fault?.key).toBe("ECOMAN_TOKEN");
      expect(fault?.value).not.toContain(text);
    },
  );

  test("tells what has no effect", async () => {
    const folder = await createTestFolder(hosts);
    const env = { MONGO_PORT: "27017", EXECUTOR_HOST: "x", EXECUTOR_PORT: "1", CRAWLER_INTREVAL: "5", MONGO_URI: "x" };
    const { notices } = await folder.read(env);
    expect(notices.map((notice) => notice.split(" ")[0])).toEqual([
      "CRAWLER_INTREVAL",
      "EXECUTOR_HOST",
      "EXECUTOR_PORT",
      "MONGO_PORT",
      "MONGO_URI",
    ]);
    expect(notices[0]).toContain("did you mean CRAWLER_INTERVAL?");
    expect(notices[3]).toContain("MONGO_HOST");
    expect(notices[4]).toContain("did you mean MONGO_URL?");
  });

  test("is one frozen value", async () => {
    const folder = await createTestFolder(hosts);
    const config = await folder.read();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.nodes[0]?.credentials)).toBe(true);
  });
});

describe("TLS", () => {
  test("needs both files or neither", async () => {
    expect(await keysAtFault({ TLS_CERT: "cert.pem" })).toEqual(["TLS_KEY"]);
    expect(await keysAtFault({ TLS_KEY: "key.pem" })).toEqual(["TLS_CERT"]);
  });

  test("is refused where a file is missing or is no PEM", async () => {
    expect(await keysAtFault({ TLS_CERT: "nope.pem", TLS_KEY: "nope.pem" })).toEqual(["TLS_CERT", "TLS_KEY"]);
    expect(await keysAtFault({ TLS_CERT: "hosts.yml", TLS_KEY: "hosts.yml" })).toEqual(["TLS_CERT"]);
  });

  test("takes a matching pair and refuses two halves of different ones", async ({ skip }) => {
    const folder = await createTestFolder(hosts);
    for (const name of ["a", "b"]) {
      const files = ["-keyout", `${folder.path}/${name}.key`, "-out", `${folder.path}/${name}.crt`];
      const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a"];
      try {
        execFileSync("openssl", [...args, ...files], { stdio: "ignore" });
      } catch {
        skip("openssl is not installed");
      }
    }
    const config = await folder.read({ TLS_CERT: "a.crt", TLS_KEY: "a.key" });
    expect(config.tls).toEqual({ certPath: `${folder.path}/a.crt`, keyPath: `${folder.path}/a.key` });
    expect(await folder.faults({ TLS_CERT: "a.crt", TLS_KEY: "b.key" })).toMatchObject([{ key: "TLS_CERT" }]);
  });
});
