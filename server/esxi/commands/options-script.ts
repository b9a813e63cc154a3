/** Asks hostd which virtual hardware and which guests it knows: a long answer, asked for rarely. */
import { createScript, type Script, sectionLine } from "./script.ts";

export function createOptionsScript(): Script {
  return createScript([sectionLine("options", ["vim-cmd", "solo/querycfgopt"])]);
}
