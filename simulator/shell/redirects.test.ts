import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { TestClient } from "../test-client.ts";
import { connect, eventually } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";

let simulator: Simulator;
let ssh: TestClient;
beforeAll(async () => {
  simulator = await startSimulator({ hosts: 1, vmsPerHost: 0, delayMs: 0, diskMs: 0 });
  ssh = await connect(simulator.hosts[0] as SimulatedHost, simulator);
});
afterAll(async () => {
  await ssh[Symbol.asyncDispose]();
  await simulator.close();
});

const hostile = "a $x `id` $(id) \"q\" 'q' \\ |22 größe 経 -n";
const claim = (file: string, text: string): string => `( set -C; cat >${file} ) <<'MARK'\n${text}\nMARK\n`;

describe("a here-document with noclobber", () => {
  test.each([
    ["at the top", (body: string) => body, ""],
    ["in a group without input", (body: string) => `{\n${body}} </dev/null`, ""],
    ["in a background job", (body: string) => `(\n${body}) </dev/null >/tmp/job 2>&1 &\nwait; cat /tmp/job`, ""],
    ["in a function", (body: string) => `f() {\n${body}}\nf`, ""],
    [
      "in a function within a job",
      (body: string) => `(\nf() {\n${body}}\nf\n) </dev/null >/tmp/job 2>&1 &\nwait; cat /tmp/job`,
      "",
    ],
  ])("%s: writes the bytes once, and never over a file", async (name, wrap) => {
    const file = `/tmp/claim${name.length}`;
    const body = `${claim(file, hostile)}echo "first $?"\n${claim(file, "other")}echo "second $?"\n`;
    const { stdout } = await ssh.sh(wrap(body));
    expect(stdout).toContain("first 0\n");
    expect(stdout).toContain("second 1\n");
    expect((await ssh.exec(`cat ${file}`)).stdout).toBe(`${hostile}\n`);
    expect((await ssh.exec(`stat -c %s ${file}`)).stdout).toBe(`${Buffer.byteLength(hostile) + 1}\n`);
  });

  test("an existing file refuses a group's output too", async () => {
    const { stdout } = await ssh.sh("echo kept >/tmp/kept; set -C; ( echo no ) >/tmp/kept; echo $?; cat /tmp/kept");
    expect(stdout).toBe("1\nkept\n");
  });
});

test("names with blanks, quotes, dollars and more than ASCII", async () => {
  const folder = `/tmp/a b'\\''c$(id)\`"ö`;
  const { stdout, stderr } = await ssh.sh(
    `d='${folder}'; mkdir "$d" && echo x >"$d/経 q" && [ -f "$d/経 q" ] && ls -A "$d" && rm -f "$d/経 q" && rmdir "$d"; echo $?`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: "経 q\n0\n", stderr: "" });
});

describe("a job's log", () => {
  test("grows while the job runs: loops, functions, case, both streams", async () => {
    await ssh.sh(`(
step() { echo "step $1"; }
i=0
while [ $i -lt 2 ]; do
  i=$((i + 1))
  case $i in 1) step one ;; *) step more >&2 ;; esac
  while [ ! -e /tmp/go$i ]; do sleep 0.02; done
done
echo $? >/tmp/job-code
) </dev/null >/tmp/steps 2>&1 &`);
    const log = async (): Promise<string> => (await ssh.exec("cat /tmp/steps")).stdout;
    await eventually(async () => (await log()) === "step one\n");
    await ssh.exec("touch /tmp/go1");
    await eventually(async () => (await log()) === "step one\nstep more\n");
    await ssh.exec("touch /tmp/go2");
    await eventually(async () => (await ssh.exec("cat /tmp/job-code")).stdout === "0\n");
  });

  test("is where its path was when the job began", async () => {
    const { stdout } = await ssh.sh(
      'cd /tmp; n=before; ( n=after; cd /; echo here ) >"$n.log" & wait; cat /tmp/before.log',
    );
    expect(stdout).toBe("here\n");
  });
});

describe("processes", () => {
  test("a job can be asked for by its pid, waited for, and killed", async () => {
    const { stdout } = await ssh.sh(
      `( sleep 0.1; exit 4 ) & kill -0 $! && echo runs; wait $!; echo "code $?"; kill -0 $! 2>/dev/null || echo gone
( while :; do echo tick >>/tmp/ticks; sleep 0.02; done ) & p=$!; sleep 0.1; kill $p; a=$(cat /tmp/ticks | wc -l); sleep 0.1; [ $(cat /tmp/ticks | wc -l) = $a ] && echo stopped`,
    );
    expect(stdout).toBe("runs\ncode 4\ngone\nstopped\n");
  });

  test("$$ is the script's own, in its jobs too", async () => {
    const { stdout } = await ssh.sh("echo $$; ( echo $$ ) & wait");
    const [own, jobs] = stdout.split("\n");
    expect(own).toMatch(/^\d{4,}$/);
    expect(jobs).toBe(own);
  });
});

describe("status and outputs", () => {
  test.each([
    [
      "$? of what came before",
      'false; echo $? >/tmp/s; cat /tmp/s; false; ( echo "in $?" ) >/tmp/s; cat /tmp/s',
      "1\nin 1\n",
    ],
    ["a group's own", "( exit 3 ) >/tmp/s; echo $?; if ( exit 1 ) >/tmp/s; then echo y; else echo n; fi", "3\nn\n"],
    [
      "no folder, no file, no command",
      "touch() { echo ran; }; touch >/no/where; echo $?; [ -e /no ] || echo none",
      "1\nnone\n",
    ],
    ["within a substitution", 'v=$(echo a >/no/where; echo "$?"); echo "$v"', "1\n"],
    [
      "a loop that breaks",
      "for i in 1 2 3; do echo $i; [ $i = 2 ] && break; done >/tmp/s; echo out; cat /tmp/s",
      "out\n1\n2\n",
    ],
    [
      "a function that returns from a group",
      "f() { { echo a; return 5; } >/tmp/s; }; f; echo $?; cat /tmp/s",
      "5\na\n",
    ],
  ])("%s", async (_, script, stdout) => {
    expect((await ssh.sh(script)).stdout).toBe(stdout);
  });

  test("ash's words for what can't be opened", async () => {
    expect((await ssh.sh("echo a >/no/where; echo b >/tmp")).stderr).toBe(
      "sh: can't create /no/where: nonexistent directory\nsh: can't create /tmp: Is a directory\n",
    );
  });
});
