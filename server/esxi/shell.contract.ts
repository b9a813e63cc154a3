/** What every Shell must do. Adapters run it from their own test files; the host behind it needs a POSIX shell and /tmp. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunOptions, Shell } from "./shell.ts";

export interface ShellUnderTest {
  readonly shell: Shell;
  /** How many connections were made so far, where that can be told. */
  readonly connections?: () => number;
  close(): Promise<void>;
}

/** `open` gives a shell with at least four channels, to a host that is well. */
export function shellContract(name: string, open: () => Promise<ShellUnderTest>): void {
  describe(`Shell contract: ${name}`, () => {
    let opened: ShellUnderTest;
    const soon: RunOptions = { deadlineMs: 20_000 };
    const run = (script: string, options: Partial<RunOptions> = {}) =>
      opened.shell.run(script, { ...soon, ...options });
    const freshFolder = (): string => `/tmp/contract-${randomBytes(8).toString("hex")}`;

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());

    describe("a script", () => {
      it("runs, and its output and exit code come back", async () => {
        expect(await run("echo one\necho two")).toEqual({ stdout: "one\ntwo\n", stderr: "", exitCode: 0 });
        expect((await run("exit 7")).exitCode).toBe(7);
        expect((await run("false")).exitCode).toBe(1);
      });

      it("keeps stderr apart from stdout", async () => {
        expect(await run("echo out; echo err >&2")).toEqual({ stdout: "out\n", stderr: "err\n", exitCode: 0 });
      });

      it("may be 200 KB long and hold any character", async () => {
        const text = 'Ä ö € 𝄞 $HOME `id` \\ " | '.repeat(6_500);
        const result = await run(`printf '%s' '${text}'`);
        expect(Buffer.byteLength(text)).toBeGreaterThan(200_000);
        expect(result.stdout === text).toBe(true);
        expect(result.exitCode).toBe(0);
      });

      it("loses none of its lines to a command that reads stdin", async () => {
        // Long, because a shell reads its script in blocks and what it has read can't be eaten any more.
        const long = `# ${"x".repeat(98)}\n`.repeat(1_000);
        expect((await run(`cat >/dev/null\nread word\n${long}echo after`)).stdout).toBe("after\n");
      });

      it("does nothing at all when its end is missing", async () => {
        const result = await run("echo started\nif true; then");
        expect(result.stdout).toBe("");
        expect(result.exitCode).not.toBe(0);
      });
    });

    describe("the output", () => {
      it("is shown while it comes, whole from its start", async () => {
        const seen: string[] = [];
        const result = await run("echo one; sleep 0.2; echo two", { onOutput: (text) => seen.push(text) });
        expect(seen.at(-1)).toBe("one\ntwo\n");
        expect(seen.every((text) => result.stdout.startsWith(text))).toBe(true);
      });

      it("ends the run when there is too much of it, stderr included", async () => {
        const tenTimes = `for i in 0 1 2 3 4 5 6 7 8 9; do printf '%s' '${"x".repeat(100)}'; done`;
        expect((await run(tenTimes, { maxBytes: 1_000 })).stdout).toHaveLength(1_000);
        await expect(run(tenTimes, { maxBytes: 999 })).rejects.toMatchObject({ code: "OUTPUT_DAMAGED" });
        await expect(run(`{ ${tenTimes}; } >&2`, { maxBytes: 999 })).rejects.toMatchObject({ code: "OUTPUT_DAMAGED" });
      });
    });

    describe("a run that takes too long", () => {
      it("ends at its deadline", async () => {
        await expect(run("sleep 20", { deadlineMs: 500 })).rejects.toMatchObject({ code: "TIMEOUT" });
        expect((await run("echo well")).stdout).toBe("well\n");
      });

      it("ends when it was silent for too long though the host answers", async () => {
        const silent = run("echo first; sleep 20", { silenceMs: 500 });
        await expect(silent).rejects.toMatchObject({ code: "HOSTD_DOWN" });
        expect((await run("echo well")).stdout).toBe("well\n");
      });

      it("is not silent while something comes, on stderr too", async () => {
        const talking = "for i in 1 2 3 4; do sleep 0.5; echo $i >&2; done";
        expect((await run(talking, { silenceMs: 1_500 })).exitCode).toBe(0);
      });

      it("ends when its signal is aborted, before and after its start", async () => {
        const abort = new AbortController();
        const cancelled = run("echo first; sleep 20", { signal: abort.signal, onOutput: () => abort.abort() });
        await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
        await expect(run("echo never", { signal: abort.signal })).rejects.toMatchObject({ code: "CANCELLED" });
        expect((await run("echo well")).stdout).toBe("well\n");
      });
    });

    describe("several runs", () => {
      /** Runs until `folder/go` is there. */
      const waiting = (folder: string, name: string): string =>
        `mkdir -p ${folder}; echo > ${folder}/${name}; while [ ! -e ${folder}/go ]; do sleep 0.1; done; echo ${name}`;
      const allHere = (folder: string, names: readonly string[]): string =>
        `until ${names.map((name) => `[ -e ${folder}/${name} ]`).join(" && ")}; do sleep 0.1; done`;

      it("go on at once, four of them, three scans among them at most; a user's run passes a waiting scan", async () => {
        const folder = freshFolder();
        const scans = ["a", "b", "c"].map((name) => run(waiting(folder, name)));
        await run(allHere(folder, ["a", "b", "c"]), { priority: "user" });
        const fourth = run(`[ -e ${folder}/go ] && echo after || echo before`);
        const user = await run(`echo > ${folder}/go; echo user`, { priority: "user" });
        expect(user.stdout).toBe("user\n");
        expect((await fourth).stdout).toBe("after\n");
        expect((await Promise.all(scans)).map(({ stdout }) => stdout)).toEqual(["a\n", "b\n", "c\n"]);
        await run(`rm -r ${folder}`);
      });

      it("have their deadline while they wait for a channel, and can be cancelled there", async () => {
        const folder = freshFolder();
        const scans = ["a", "b", "c"].map((name) => run(waiting(folder, name)));
        const abort = new AbortController();
        const late = run("echo late", { deadlineMs: 400 });
        const unwanted = run("echo unwanted", { signal: abort.signal });
        setTimeout(() => abort.abort(), 200);
        await expect(unwanted).rejects.toMatchObject({ code: "CANCELLED" });
        await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
        await run(`mkdir -p ${folder}; echo > ${folder}/go`, { priority: "user" });
        await Promise.all(scans);
        await run(`rm -r ${folder}`);
      });

      it("many of them all come to their end, over one connection", async () => {
        await run("echo");
        const before = opened.connections?.();
        const results = await Promise.all(Array.from({ length: 20 }, (_, i) => run(`echo ${i}`)));
        expect(results.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}\n`));
        expect(opened.connections?.()).toBe(before);
      });
    });

    describe("its end", () => {
      it("cuts the runs under way when it is disconnected, and the next run connects again", async () => {
        const underWay = run("echo first; sleep 20", { onOutput: () => opened.shell.disconnect() });
        expect((await underWay).exitCode).toBe(undefined);
        expect((await run("echo again")).stdout).toBe("again\n");
      });

      it("permits a login when none was refused, without a word", async () => {
        await expect(opened.shell.permitLogin()).resolves.toBeUndefined();
      });

      it("is final when it is closed", async () => {
        const last = await open();
        await last.shell.run("echo", soon);
        await last.shell.close();
        await expect(last.shell.run("echo", soon)).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
        await last.close();
      });
    });
  });
}
