/** `npm run restore`: a backup into the empty store of this environment. hosts.yml is not read. */
import { resolve } from "node:path";
import { readArguments } from "./backup/arguments.ts";
import type { VerifiedBackup } from "./backup/read-backup.ts";
import { grouped, inWords, secondsSince } from "./backup/report.ts";
import { restoreBackup } from "./backup/restore-backup.ts";
import { timestampOf } from "./clock.ts";
import { readStoreConfig } from "./config/read.ts";
import { AppError } from "./errors.ts";
import type { Task } from "./model.ts";
import { openArchive } from "./open-store.ts";
import { explainFailure } from "./start-failure.ts";
import { settled, unknown } from "./tasks/settlement.ts";

const usage = `npm run restore -- FILE

Brings back what npm run backup wrote into FILE. The store is that of the environment (MONGO_URL or MONGO_HOST, else
DATA_DIR); it must be empty, and no ECoMan may be running on it.`;

/** Taken up again it would be done a second time, or reported as not done although it was. */
function endTask(task: Task, { header }: VerifiedBackup): Task {
  const message = `This task had not ended when the backup was made (${header.madeAt}), and what became of it is not known here. Look at ${task.node} for what it did.`;
  return settled(task, unknown(message), timestampOf(Date.now()));
}

async function restore(path: string): Promise<void> {
  const startedAt = performance.now();
  const { notices, ...config } = await readStoreConfig({ env: process.env, cwd: process.cwd() });
  for (const notice of notices) console.error(notice);
  const archive = openArchive(config);
  const { header, tally } = await restoreBackup({ path, archive, end: endTask });
  const from = `${path} (made at ${header.madeAt} by ECoMan ${header.ecoman} from ${header.store})`;
  console.log(`Restored ${from} into ${archive.shown} in ${secondsSince(startedAt)}.`);
  console.log(`It holds ${inWords(tally.counts)}.`);
  const { unfinishedTasks } = tally;
  if (unfinishedTasks > 0) console.log(`Tasks that had not ended, UNKNOWN now: ${grouped(unfinishedTasks)}.`);
}

try {
  const given = readArguments(process.argv.slice(2), usage);
  if (given.help) console.log(usage);
  else if (given.file === undefined) throw new AppError("INVALID_INPUT", `Which file?\n\n${usage}`);
  else await restore(resolve(given.file));
} catch (thrown) {
  const { message, exitCode } = explainFailure(thrown);
  console.error(message);
  process.exitCode = exitCode;
}
