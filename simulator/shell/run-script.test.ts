import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { TestClient } from "../test-client.ts";
import { collect, connect, eventually } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";

let simulator: Simulator;
let host: SimulatedHost;
let ssh: TestClient;
beforeAll(async () => {
  const vms = [{ name: "one", power: "ON" }, { name: "two" }, { name: "three", note: "größer" }] as const;
  simulator = await startSimulator({ hosts: [{ vms }], delayMs: 0, taskMs: 0 });
  [host] = simulator.hosts as [SimulatedHost];
  ssh = await connect(host, simulator);
});
afterAll(async () => {
  await ssh[Symbol.asyncDispose]();
  await simulator.close();
});

/** Output so far, while the script goes on. */
async function startScript(script: string): Promise<{ soFar: () => string; ended: Promise<unknown> }> {
  const channel = await ssh.open("sh -s");
  let text = "";
  channel.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  channel.end(script);
  return { soFar: () => text, ended: collect(channel) };
}

describe("output leaves when it is printed", () => {
  test.each([
    ["at the top", "echo early; HOLD"],
    ["in a loop", "for i in a b; do echo early; HOLD; done"],
    ["in a function", "f() { echo early; HOLD; }; f"],
    ["in a function that takes input", "f() { cat; HOLD; }; f <<E\nearly\nE"],
    ["in a while loop with a here-document", "while read -r x; do echo $x; HOLD; done <<E\nearly\nE"],
    ["in a case within an if", "if true; then case a in a) echo early; HOLD;; esac; fi"],
    ["at the end of a pipeline", "echo early | { cat; HOLD; }"],
    ["on stderr", "echo early; ls /nowhere; HOLD"],
    ["after a substitution", 'v=$(echo early); echo "$v"; HOLD'],
  ])("%s", async (_, script) => {
    const wait = "while [ ! -e /tmp/go ]; do usleep 20000; done";
    const { soFar, ended } = await startScript(script.replaceAll("HOLD", wait));
    await eventually(() => soFar().includes("early"));
    await ssh.exec("touch /tmp/go");
    await ended;
    await ssh.exec("rm /tmp/go");
  });
});

describe("a script ends as ash would end it", () => {
  test.each([
    ["exit code and both streams", "echo out; echo err >&2; exit 7", { stdout: "out\n", stderr: "err\n", exitCode: 7 }],
    ["redirections of its own stay its own", "echo a >/tmp/x; echo b 2>&1; ls /no 2>/dev/null; cat /tmp/x", "b\na\n"],
    ["nothing eaten from its own text", "cat </dev/null\nvim-cmd x </dev/null\necho still", "still\n"],
    [
      "a function in a pipe, a substitution and by itself",
      'f() { echo "<$1>"; }; f 1; f 2 | cat; v=$(f 3); echo "$v"',
      "<1>\n<2>\n<3>\n",
    ],
    [
      "functions that call functions",
      'a() { b "$@"; }; b() { echo "$# $2"; }; a x "y z"; a x q >/tmp/y; cat /tmp/y',
      "2 y z\n2 q\n",
    ],
    ["the status of a function", "f() { return 3; }; f; echo $?; f || echo no", "3\nno\n"],
    ["a group with its own redirection", "{ echo a; echo b; } >/tmp/z; echo c; cat /tmp/z", "c\na\nb\n"],
    ["exec takes over stdout", "exec >/tmp/w; echo hidden; f() { echo too; }; f", ""],
    [
      "UTF-8 through variables and files",
      'v=$(vim-cmd vmsvc/get.summary 3 | grep annotation); echo "$v"',
      '      annotation = "größer", \n',
    ],
    ["two summaries at a time", "{ printf 'A\\n'; } | { printf 'B\\n'; cat; }", "B\nA\n"],
    ["words as a command", 'run() { "$@" </dev/null; }; run printf "<%s>" "a b" c', "<a b><c>"],
    ["no such command", "nosuch; echo $?", "127\n"],
    ["noclobber", "set -C; echo a >/tmp/n; echo b >/tmp/n 2>/dev/null; echo $?", "1\n"],
    ["mkdir is a lock", "mkdir /tmp/lock && mkdir /tmp/lock 2>/dev/null || echo held; rmdir /tmp/lock", "held\n"],
  ])("%s", async (_, script, expected) => {
    const output = await ssh.sh(script);
    if (typeof expected === "string") expect(output.stdout).toBe(expected);
    else expect(output).toEqual(expected);
  });

  test("one that can't be parsed ends with 2", async () => {
    const { stderr, exitCode } = await ssh.sh("if true; then echo a");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^sh: /);
  });
});

describe("background jobs", () => {
  test("go on after the script and its connection, with the variables of that moment", async () => {
    const own = await connect(host, simulator);
    host.askAtPowerOn(2);
    const script = `d=/tmp/job; mkdir $d; name=first
save() { printf '%s\\n' "$1" >"$d/$2"; }
(
  save "$name" name
  vim-cmd vmsvc/power.on 2 </dev/null >"$d/out" 2>&1
  save "$?" exit
) </dev/null >/dev/null 2>&1 &
name=second
echo started`;
    expect((await own.sh(script)).stdout).toBe("started\n");
    await own[Symbol.asyncDispose]();
    await eventually(async () => (await ssh.exec("cat /tmp/job/name")).stdout === "first\n");
    expect((await ssh.exec("cat /tmp/job/exit")).exitCode).toBe(1);
    const question = host.vm(2).question;
    await ssh.exec(`vim-cmd vmsvc/message 2 ${question?.id} 2`);
    await eventually(async () => (await ssh.exec("cat /tmp/job/exit")).stdout === "0\n");
    expect((await ssh.exec("cat /tmp/job/out")).stdout).toBe("Powering on VM:\n");
    expect(host.vm(2).power).toBe("ON");
  });

  test("start within functions and loops too, and wait waits", async () => {
    const { stdout } = await ssh.sh(
      'go() { ( usleep 30000; echo "$1" >/tmp/w$1 ) & }; for i in 1 2; do go $i; done; wait; cat /tmp/w1 /tmp/w2',
    );
    expect(stdout).toBe("1\n2\n");
  });
});

test("two sides of a pipeline take their time together", async () => {
  const slow = await startSimulator({ hosts: [{ vms: [{ name: "a" }, { name: "b" }] }], delayMs: 1500 });
  await using client = await connect(slow.hosts[0] as SimulatedHost, slow);
  const started = performance.now();
  const { stdout } = await client.sh(
    "{ vim-cmd vmsvc/power.getstate 1; } | { vim-cmd vmsvc/power.getstate 2; echo second; cat; }",
  );
  expect(stdout).toBe("Retrieved runtime info\nPowered off\nsecond\nRetrieved runtime info\nPowered off\n");
  expect(performance.now() - started).toBeLessThan(2900);
  await slow.close();
});

test("a pattern of case knows [!…], at any place in the script", async () => {
  const judge = `case $word in '' | *[!0-9]* | ????*) echo "$word: no" ;; *) echo "$word: number" ;; esac`;
  const { stdout } = await ssh.sh(`for word in 2 17 4a '!' 12345; do ${judge}; done; f() { word=9; ${judge}; }; f`);
  expect(stdout).toBe("2: number\n17: number\n4a: no\n!: no\n12345: no\n9: number\n");
});
