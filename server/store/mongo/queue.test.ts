import { expect, test } from "vitest";
import { createQueue } from "./queue.ts";

test("what is urgent goes before what waits, and each settles as its work does", async () => {
  const queue = createQueue();
  const done: string[] = [];
  const note = (name: string) => async () => void done.push(name);
  await Promise.all([queue.add(note("first")), queue.add(note("usual")), queue.add(note("urgent"), true)]);
  expect(done).toEqual(["first", "urgent", "usual"]);
});

test("work that throws at once or rejects is told to who asked, and the next gets its turn", async () => {
  const queue = createQueue();
  const throwing = queue.add(() => {
    throw new Error("at once");
  });
  const rejecting = queue.add(() => Promise.reject(new Error("later")));
  const next = queue.add(async () => "done");
  await expect(throwing).rejects.toThrow("at once");
  await expect(rejecting).rejects.toThrow("later");
  expect(await next).toBe("done");
});

test("what is added at the very end of another one gets its turn, and the end waits for all", async () => {
  const queue = createQueue();
  let count = 0;
  for (let round = 0; round < 50; round += 1) {
    await queue.add(async () => void (count += 1));
    void queue.add(async () => void (count += 1));
  }
  await queue.end();
  expect(count).toBe(100);
});
