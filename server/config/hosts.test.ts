import { describe, expect, test } from "vitest";
import { createTestFolder } from "./test-folder.ts";

const pin = `SHA256:${"a".repeat(43)}`;

/** `line:column key = value` of each fault: what leads the reader to the place. */
async function placesOf(hosts: string, env = {}): Promise<string[]> {
  const folder = await createTestFolder(hosts);
  const faults = await folder.faults(env);
  return faults.map(({ line, column, key, value }) => `${line}:${column} ${key} = ${value}`);
}

describe("a node of hosts.yml", () => {
  test("takes the original's six keys, with trailing slashes, and defaults for the rest", async () => {
    const folder = await createTestFolder(`
esx1:
  addr: 192.0.2.1
  username: root
  identity_file_path: id_test
  datastore_path: /vmfs/volumes/datastore 1/
  installer_iso_path: /vmfs/volumes/datastore 1/iso/
  network_port_group: VM Network
`);
    const { nodes } = await folder.read();
    expect(nodes).toEqual([
      {
        name: "esx1",
        address: "192.0.2.1",
        port: 22,
        username: "root",
        credentials: { identityFilePath: `${folder.path}/id_test`, passphrase: undefined, password: undefined },
        hostKey: { pins: [], knownHostsPath: `${folder.path}/.ssh/known_hosts`, trustOnFirstUse: false },
        labels: [],
        disabled: false,
        defaults: {
          datastorePath: "/vmfs/volumes/datastore 1",
          isoPath: "/vmfs/volumes/datastore 1/iso",
          portGroup: "VM Network",
        },
        vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
        nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 },
      },
    ]);
  });

  test("takes every optional key", async () => {
    const folder = await createTestFolder(`
esx1:
  addr: fd00::1
  username: root
  identity_file_path: ~/id_test
  passphrase_env: ESX_PHRASE
  password_env: ESX_PASSWORD
  port: 2222
  host_key: [${pin}, "${pin.replaceAll("a", "b")}="]
  known_hosts_path: ./known
  trust_on_first_use: true
  labels: [lab, 2024, lab]
  thresholds: {cpu: 9, cpu_ratio: 2.5, storage_percent: 70}
`);
    const { nodes } = await folder.read({ ESX_PHRASE: "open sesame", ESX_PASSWORD: "hunter2" });
    const node = nodes[0];
    expect(node?.credentials.password?.reveal()).toBe("hunter2");
    expect(node?.credentials.passphrase?.reveal()).toBe("open sesame");
    expect(node?.credentials.identityFilePath).toBe(`${folder.path}/id_test`);
    expect(node?.hostKey).toEqual({
      pins: [pin, pin.replaceAll("a", "b")],
      knownHostsPath: `${folder.path}/known`,
      trustOnFirstUse: true,
    });
    expect(node).toMatchObject({
      address: "fd00::1",
      port: 2222,
      labels: ["lab", "2024"],
      vmThresholds: { cpu: 9, ramMb: 8192, storageGb: 50 },
      nodeThresholds: { cpuRatio: 2.5, memoryPercent: 90, storagePercent: 70 },
    });
  });

  test("may take its keys from another by a merge key, its own first", async () => {
    const folder = await createTestFolder(`
esx1: &base {addr: a.lab, username: root, identity_file_path: id_test, port: 2222}
esx2:
  <<: *base
  addr: b.lab
`);
    const { nodes } = await folder.read();
    expect(nodes.map(({ address, port }) => [address, port])).toEqual([
      ["a.lab", 2222],
      ["b.lab", 2222],
    ]);
  });

  test("that is disabled needs neither its key file nor its variables", async () => {
    const folder = await createTestFolder(
      "esx1: {addr: a, username: root, identity_file_path: gone, password_env: GONE, disabled: true}",
    );
    expect((await folder.read()).nodes).toMatchObject([{ name: "esx1", disabled: true }]);
  });
});

describe("a fault of hosts.yml", () => {
  test("is told with its place, every fault at once", async () => {
    const hosts = `
esx1:
  addr: 10.0.0.256
  username: root
  identity_file_path: gone
  port: 70000
  adress: x
bad name:
  addr: a.lab
  username: root
  password_env: NOT_SET
  host_key: [MD5:aa]
  datastore_path: volumes
  thresholds: {cpus: 3, ram_mb: x}
esx3:
  username: root
`;
    expect(await placesOf(hosts)).toEqual([
      '3:9 esx1.addr = "10.0.0.256"',
      '5:23 esx1.identity_file_path = "gone"',
      '6:9 esx1.port = "70000"',
      '7:3 esx1.adress = "x"',
      "8:1 bad name = (a map)",
      '11:17 bad name.password_env = "NOT_SET"',
      '12:14 bad name.host_key = "MD5:aa"',
      '13:19 bad name.datastore_path = "volumes"',
      '14:16 bad name.thresholds.cpus = "3"',
      '14:33 bad name.thresholds.ram_mb = "x"',
      "15:1 esx3.addr = undefined",
      "15:1 esx3.identity_file_path = undefined",
    ]);
  });

  test.each([
    ["adress", "addr"],
    ["hostname", "addr"],
    ["user", "username"],
    ["identityFilePath", "identity_file_path"],
    ["password", "password_env"],
    ["lables", "labels"],
  ])("suggests for %s the key %s", async (key, meant) => {
    const folder = await createTestFolder(`esx1: {addr: a, username: r, identity_file_path: id_test, ${key}: x}`);
    const faults = await folder.faults();
    expect(faults.map(({ expected }) => expected)).toEqual([`a known key; did you mean ${meant}?`]);
  });

  test("names a key given twice, and goes on reading", async () => {
    const hosts = "esx1: {addr: a, addr: b, username: r, identity_file_path: id_test, port: 0}";
    expect(await placesOf(hosts)).toEqual(["1:17 addr = (given again)", '1:74 esx1.port = "0"']);
  });

  test.each([
    ["a syntax error", "esx1: {addr: a\nesx2: [", 2],
    ["a tab for indentation", "esx1:\n\taddr: a", 2],
    ["an unknown alias", "esx1: *nobody", 1],
    ["two documents", "esx1: {}\n---\nesx2: {}", 1],
    ["an empty file", "", 1],
    ["a file of comments", "# nothing", 1],
    ["a list", "- esx1", 1],
  ])("is %s", async (_name, hosts, line) => {
    const folder = await createTestFolder(hosts);
    const faults = await folder.faults();
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]?.line).toBe(line);
  });

  test("is the same host under two names", async () => {
    const node = "{addr: a.lab, username: root, identity_file_path: id_test}";
    expect(await placesOf(`esx1: ${node}\nesx2: ${node}`)).toEqual(['2:14 esx2.addr = "a.lab"']);
  });

  test("never shows what may be a secret", async () => {
    const folder = await createTestFolder(`
esx1:
  addr: a
  username: root
  password: hunter2
  password_env: hunter2!
  passphrase_env: hunter2
  identity_file_path: "-----BEGIN OPENSSH PRIVATE KEY-----hunter2"
  host_key: |
    hunter2
    hunter2
`);
    const faults = await folder.faults();
    expect(faults.length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(faults)).not.toContain("hunter2");
  });

  test("is a missing file, with the two ways on", async () => {
    const folder = await createTestFolder("");
    const [fault] = await folder.faults({ HOSTS_PATH: "nowhere.yml" });
    expect(fault?.file).toBe(`${folder.path}/nowhere.yml`);
    expect(fault?.expected).toMatch(/npm run demo[\s\S]*cp hosts\.example\.yml \S+nowhere\.yml/);
  });
});

describe("a file that unfolds", () => {
  test("through nested aliases is refused rather than unfolded", async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const inner = level === 0 ? "x" : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => inner).join(", ")}]`;
    });
    const folder = await createTestFolder(levels.join("\n"));
    const faults = await folder.faults();
    expect(faults.map(({ expected }) => expected).join()).toContain("100000 values");
  });

  test("into itself is refused", async () => {
    const folder = await createTestFolder("esx1: &a\n  <<: *a\n");
    expect((await folder.faults()).map(({ expected }) => expected).join()).toContain("12 levels");
  });
});
