import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../harness/commands.ts";
import {
  type Compose,
  composeFaults,
  environmentOf,
  mountsOf,
  networksOf,
  portsOf,
  readCompose,
  type Service,
  servers,
} from "./compose.ts";
import { stageOf } from "./dockerfile.ts";
import { drainSeconds, settingsOf, strangers } from "./settings.ts";

const compose = readCompose();
const token = "a-token-of-30-characters-or-so";

describe.each(servers(compose))("%s", (_name, service) => {
  const env = environmentOf(service, { ECOMAN_TOKEN: token });
  const whole = { ...stageOf("").env, ...env };

  test("is given variables that the server reads, and no others", async () => {
    expect(strangers(whole)).toEqual([]);
    expect((await settingsOf(whole)).token?.reveal()).toBe(token);
  });

  test("does not start without a token of the administrator's own", () => {
    expect(() => environmentOf(service, {})).toThrow("ECOMAN_TOKEN");
  });

  test("finds hosts.yml and the keys in a folder that it can't write to", async () => {
    const { hostsPath } = await settingsOf(whole);
    const mounts = mountsOf(service);
    expect(mounts).toHaveLength(1);
    expect(hostsPath).toBe(`${mounts[0]?.target}/hosts.yml`);
    expect(mounts[0]?.readOnly).toBe(true);
  });

  test("is reached at its own port, from this machine only", async () => {
    const port = String((await settingsOf(whole)).port);
    const holder = compose.services[/^service:(.*)$/.exec(service.network_mode ?? "")?.[1] ?? ""] ?? service;
    expect(portsOf(holder)).toContainEqual({ address: "127.0.0.1", outside: port, inside: port });
  });

  test("shares a network with the database it names, which is the member that the replica set names", async () => {
    const { mongo } = await settingsOf(whole);
    const name = mongo?.shown.replace("mongodb://", "") ?? "";
    const database = compose.services[name];
    const common = networksOf(compose, database ?? service).filter((one) => networksOf(compose, service).includes(one));
    expect(common).toEqual(["database"]);
    expect(database?.healthcheck?.test.join(" ")).toContain(`host: '${name}:27017'`);
  });

  test("has the time to drain", () => {
    expect(Number.parseInt(service.stop_grace_period ?? "", 10)).toBeGreaterThan(drainSeconds);
  });
});

test("the demo has a database of its own, and the hosts that the simulator wrote", async () => {
  const of = async (name: string) =>
    await settingsOf(environmentOf(compose.services[name] as Service, { ECOMAN_TOKEN: token }));
  const [app, demo] = [await of("app-1"), await of("demo-1")];
  expect(demo.mongo?.shown).toBe(app.mongo?.shown);
  expect(demo.mongo?.dbName).not.toBe(app.mongo?.dbName);
  const { cmd } = stageOf("simulator");
  expect(cmd[cmd.indexOf("--hosts-yml") + 1]).toBe(demo.hostsPath);
  expect(mountsOf(compose.services["simulator"] as Service)).toContainEqual({
    source: "simulated",
    target: "/simulated",
    readOnly: false,
  });
});

test("every container may do no more than it must", () => {
  for (const service of Object.values(compose.services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    expect(service.user ?? (service.build === undefined ? undefined : "the image's")).toBeDefined();
  }
});

test("the database, which has no password, is on no network but the inner one and publishes nothing", () => {
  const { mongo } = compose.services;
  expect(mongo?.networks).toEqual(["database"]);
  expect(mongo?.ports).toBeUndefined();
  expect(compose.networks["database"]?.internal).toBe(true);
});

describe("what is named", () => {
  test("is there", () => {
    expect(composeFaults(compose)).toEqual([]);
  });

  const edits: Readonly<Record<string, (edited: Edited) => void>> = {
    "a volume": ({ services }) => Object.assign(services["mongo"] ?? {}, { volumes: ["mango:/data/db"] }),
    "a network": ({ services }) => Object.assign(services["mongo"] ?? {}, { networks: ["databases"] }),
    "a needed service": ({ services }) => delete services["mongo"],
    "the simulator": ({ services }) => delete services["simulator"],
    "a profile": ({ services }) => Object.assign(services["mongo"] ?? {}, { profiles: ["mongo"] }),
    "a stage": ({ services }) => Object.assign(services["simulator"] ?? {}, { build: { context: ".", target: "x" } }),
    "a free port": ({ services }) => Object.assign(services["app-2"] ?? {}, { ports: ["127.0.0.1:4001:4002"] }),
    "a health": ({ services }) => Object.assign(services["mongo"] ?? {}, { healthcheck: undefined }),
    "one network": ({ services }) => Object.assign(services["demo-1"] ?? {}, { networks: ["default"] }),
  };
  test.each(Object.entries(edits))("and is missed: %s", (_what, edit) => {
    const twin = structuredClone(compose) as Edited;
    edit(twin);
    expect(composeFaults(twin)).not.toEqual([]);
  });
});

type Edited = Omit<Compose, "services"> & { services: Record<string, Service> };

const noCompose = spawnSync("docker", ["compose", "version"]).status === 0 ? undefined : "there is no `docker compose`";
test.skipIf(noCompose)(`Docker Compose reads it (${noCompose ?? "here"})`, () => {
  const config = (env: NodeJS.ProcessEnv) =>
    execFileSync("docker", ["compose", "--profile", "demo", "config", "--quiet"], {
      cwd: projectRoot,
      env,
      stdio: "pipe",
    });
  expect(() => config({ ...process.env, ECOMAN_TOKEN: token })).not.toThrow();
  expect(() => config({ ...process.env, ECOMAN_TOKEN: "" })).toThrow("ECOMAN_TOKEN");
});
