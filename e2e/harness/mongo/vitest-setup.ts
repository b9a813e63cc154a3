/** Vitest's globalSetup: before all test files, once for each project. Nothing is started before one of them asks. */
import { shareMongo } from "./sharing.ts";

/** What it gives back is called at the end of the run. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  return await shareMongo();
}
