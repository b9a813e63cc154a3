import { expect } from "vitest";

/** States what a captured text means. */
export type Check = (text: string) => void;
/** By the capture's file name. */
export type Checks = Readonly<Record<string, Check>>;

/** The parser refuses it, with a message that has these words. */
export const fails =
  (parse: (text: string) => object, words: string): Check =>
  (text) => {
    expect(parse(text)).toMatchObject({ failed: expect.stringContaining(words) });
  };
