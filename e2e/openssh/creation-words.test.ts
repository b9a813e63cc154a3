/** Hostile words in everything of a creation that is text; `npm run soak -- creation-words` takes 10,000. */
import { describe, expect, it } from "vitest";
import { creationWords } from "../soak/creation-words.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("creations under OpenSSH with busybox ash"), () => {
  it("are what was asked for, whatever their words are", async () => {
    const figures = await creationWords.run({ seed: 4, rounds: 500 });
    expect(figures).toMatchObject({ made: 500, refused: 500, calls: 1500 });
  });
});
