/**
 * A step of a creation: claims its name, as an act does, then runs its body detached from the line, and prints what is there
 * afterwards. The body's output and exit code are kept under /tmp until they are forgotten.
 */
import type { CreationAct, CreationOrder } from "../../creation.ts";
import { quoteWord } from "../../quote.ts";
import { folderOf } from "../act-script.ts";
import { createNonce, createScript, type Script } from "../script.ts";
import { checkOrder } from "./check-order.ts";
import { placeVariables } from "./places.ts";
import { registeredIds } from "./register-ids.ts";
import { sightLines } from "./sight-script.ts";
import { bodyOf } from "./step-bodies.ts";

/** What a step's script prints in its section `verdict`. */
export const stepVerdicts = ["begun", "duplicate", "failed-folder"] as const;

/** @throws AppError INVALID_INPUT for what no host may be sent */
export function createStepScript(order: CreationOrder, act: CreationAct): Script {
  // What was made can be taken back, whatever is thought of it by now.
  if (act.step !== "undo") checkOrder(order);
  const nonce = createNonce();
  return createScript(
    [
      ...placeVariables(order),
      registeredIds,
      `act=${quoteWord(folderOf(act.actId))}`,
      'if mkdir "$act" 2>/dev/null; then',
      // A full RAM disk gives a folder and no room in it: nothing of the step's outcome could be kept. busybox's date does not say so.
      'date +%s >"$act/start"; if [ -s "$act/start" ]; then verdict=begun; else rm -f "$act/start"; rmdir "$act"; verdict=failed-folder; fi',
      'elif [ -d "$act" ]; then verdict=duplicate',
      "else verdict=failed-folder; fi",
      // Nothing may be printed before the body runs: a line that is cut then would end the script with the name taken and nothing done.
      'if [ "$verdict" = begun ]; then',
      "(",
      `( ${bodyOf(order, act, nonce)}\n)`,
      // Until there is room for it, or nobody asks any more.
      'code=$?; until printf \'%s\\n\' $code >"$act/exit" || [ ! -d "$act" ]; do sleep 5; done',
      ') </dev/null >"$act/output" 2>&1 &',
      ...(act.step === "disk" ? [waitASecond] : ["wait"]),
      "fi",
      'print_section verdict 0 "$verdict"',
      ...sightLines,
    ],
    nonce,
  );
}

/** A thin disk is there at once on most datastores; a longer one is looked at again and again. */
const waitASecond = 'if [ ! -f "$act/exit" ]; then sleep 1; fi';
