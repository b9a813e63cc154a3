import { describe, expect, it } from "vitest";
import { createChannelQueue, type Priority, type Slot } from "./channel-queue.ts";

const never = new AbortController().signal;

/** Everyone who asked, in the order in which they got a slot. */
function observe(queue = createChannelQueue()) {
  const started: string[] = [];
  const slots = new Map<string, Slot>();
  async function ask(name: string, priority: Priority = "scan", signal = never): Promise<void> {
    const slot = await queue.take(priority, signal);
    slots.set(name, slot);
    started.push(name);
  }
  const end = async (name: string): Promise<void> => {
    slots.get(name)?.free();
    await settled();
  };
  return { queue, started, slots, ask, end };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the channel queue", () => {
  it("gives four slots, three to scans at most", async () => {
    const { started, ask } = observe();
    for (const name of ["s1", "s2", "s3", "s4"]) void ask(name);
    void ask("u1", "user");
    void ask("u2", "user");
    await settled();
    expect(started).toEqual(["s1", "s2", "s3", "u1"]);
  });

  it("lets users have all four", async () => {
    const { started, ask } = observe();
    for (const name of ["u1", "u2", "u3", "u4", "u5"]) void ask(name, "user");
    await settled();
    expect(started).toEqual(["u1", "u2", "u3", "u4"]);
  });

  it("serves waiting users before waiting scans, each class in its order", async () => {
    const { queue, started, ask, end } = observe();
    queue.limitToOne();
    void ask("first");
    for (const name of ["s1", "s2"]) void ask(name);
    for (const name of ["u1", "u2"]) void ask(name, "user");
    for (const name of ["first", "u1", "u2", "s1"]) {
      await settled();
      await end(name);
    }
    expect(started).toEqual(["first", "u1", "u2", "s1", "s2"]);
  });

  it("goes down to one, and what runs by then may end", async () => {
    const { queue, started, ask, end } = observe();
    void ask("u1", "user");
    void ask("u2", "user");
    queue.limitToOne();
    void ask("u3", "user");
    await settled();
    await end("u1");
    expect(started).toEqual(["u1", "u2"]);
    await end("u2");
    expect(started).toEqual(["u1", "u2", "u3"]);
  });

  it("gives a scan the only slot", async () => {
    const { queue, started, ask } = observe();
    queue.limitToOne();
    void ask("s1");
    await settled();
    expect(started).toEqual(["s1"]);
  });

  it("gives a refused one its old place, before those who came later", async () => {
    const { queue, started, slots, ask, end } = observe();
    void ask("s1");
    void ask("s2");
    await settled();
    expect(slots.get("s2")?.hasCompany()).toBe(true);
    queue.limitToOne();
    void ask("s3");
    const again = slots
      .get("s2")
      ?.takeAgain(never)
      .then(() => started.push("s2 again"));
    await settled();
    expect(started).toEqual(["s1", "s2"]);
    await end("s1");
    await again;
    expect(slots.get("s2")?.hasCompany()).toBe(false);
    await end("s2");
    expect(started).toEqual(["s1", "s2", "s2 again", "s3"]);
  });

  it("lets go of who no longer waits, with the signal's reason", async () => {
    const { queue, started, ask, end } = observe();
    queue.limitToOne();
    void ask("first");
    const abort = new AbortController();
    const left = ask("left", "scan", abort.signal);
    void ask("second");
    abort.abort(new Error("enough"));
    await expect(left).rejects.toThrow("enough");
    await end("first");
    expect(started).toEqual(["first", "second"]);
    await expect(ask("too late", "scan", abort.signal)).rejects.toThrow("enough");
  });

  it("counts a slot that is freed twice once", async () => {
    const { queue, started, ask, end } = observe();
    queue.limitToOne();
    for (const name of ["s1", "s2", "s3"]) void ask(name);
    await settled();
    await end("s1");
    await end("s1");
    expect(started).toEqual(["s1", "s2"]);
  });
});
