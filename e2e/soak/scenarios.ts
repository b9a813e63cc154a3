/** All long runs. A new one is a module with a `Scenario`, and a line here. */
import { cuts } from "../damaged-scans/cuts-scenario.ts";
import { garbled } from "../damaged-scans/garbled-scenario.ts";
import { creation } from "./creation.ts";
import { creationWords } from "./creation-words.ts";
import { kill } from "./kill.ts";
import { reregistration, reregistrationByNumber } from "./reregistration.ts";
import { resume } from "./resume.ts";
import type { Scenario } from "./scenario.ts";
import { servers } from "./servers.ts";
import { slowHost } from "./slow-host.ts";
import { slowReaders } from "./slow-readers.ts";
import { streams } from "./streams.ts";
import { terminate } from "./terminate.ts";

export const scenarios: readonly Scenario[] = [
  creation,
  creationWords,
  cuts,
  garbled,
  kill,
  reregistration,
  reregistrationByNumber,
  resume,
  slowHost,
  slowReaders,
  servers,
  streams,
  terminate,
];
