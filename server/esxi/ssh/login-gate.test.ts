import { describe, expect, it } from "vitest";
import { createLoginGate, type LoginGate, type LoginRefusal } from "./login-gate.ts";

const minute = 60_000;

function setUp() {
  const memory: { refusal: LoginRefusal | undefined } = { refusal: undefined };
  const time = { now: Date.UTC(2026, 10, 1) };
  const restart = (): LoginGate =>
    createLoginGate({
      node: "esx1",
      clock: { now: () => time.now, sleep: async () => undefined },
      refusals: {
        read: async () => memory.refusal,
        write: async (refusal) => {
          memory.refusal = refusal;
        },
      },
    });
  return { memory, time, restart, gate: restart() };
}

async function refuse(gate: LoginGate, hash = "a"): Promise<void> {
  const attempt = await gate.admit(hash);
  await attempt.sending(false);
  await attempt.refused();
}

describe("the login gate", () => {
  it("lets a login pass that was never refused, and writes nothing for a key", async () => {
    const { gate, memory } = setUp();
    const attempt = await gate.admit("a");
    await attempt.sending(false);
    expect(memory.refusal).toBeUndefined();
    await attempt.accepted();
    await expect(gate.admit("a")).resolves.toBeDefined();
  });

  it("lets the same credentials pass never again by themselves, a restart or a month later", async () => {
    const { gate, time, restart } = setUp();
    await refuse(gate);
    await expect(gate.admit("a")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    time.now += 30 * 24 * 60 * minute;
    await expect(restart().admit("a")).rejects.toMatchObject({ code: "AUTH_FAILED" });
  });

  it("lets other credentials pass at once, and holds those too when they are refused", async () => {
    const { gate } = setUp();
    await refuse(gate, "a");
    await refuse(gate, "b");
    await expect(gate.admit("b")).rejects.toMatchObject({ code: "AUTH_FAILED" });
  });

  it("takes a person's wish 15 minutes after the refusal, not before, and once", async () => {
    const { gate, time } = setUp();
    await refuse(gate);
    await expect(gate.permitLogin()).rejects.toMatchObject({ code: "AUTH_FAILED", message: /in 15 min/ });
    time.now += 15 * minute - 1;
    await expect(gate.permitLogin()).rejects.toMatchObject({ code: "AUTH_FAILED", message: /in 1 min/ });
    time.now += 1;
    await gate.permitLogin();
    await refuse(gate);
    await expect(gate.admit("a")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await expect(gate.permitLogin()).rejects.toMatchObject({ code: "AUTH_FAILED" });
  });

  it("keeps the permission while no credential was sent, as when the host did not answer", async () => {
    const { gate, time } = setUp();
    await refuse(gate);
    time.now += 15 * minute;
    await gate.permitLogin();
    await gate.admit("a");
    await expect(gate.admit("a")).resolves.toBeDefined();
  });

  it("does not take a clock that was set back for time that has passed", async () => {
    const { gate, time } = setUp();
    await refuse(gate);
    time.now -= 60 * minute;
    await expect(gate.permitLogin()).rejects.toMatchObject({ message: /in 15 min/ });
  });

  it("counts a password as refused from before it is sent until it is accepted", async () => {
    const { gate, memory, restart } = setUp();
    const attempt = await gate.admit("a");
    await attempt.sending(true);
    await expect(restart().admit("a")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await attempt.accepted();
    expect(memory.refusal).toBeUndefined();
    await expect(restart().admit("a")).resolves.toBeDefined();
  });

  it("has nothing against a person's wish where nothing was refused", async () => {
    await expect(setUp().gate.permitLogin()).resolves.toBeUndefined();
  });
});
