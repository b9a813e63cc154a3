/** What MongoDB's and its driver's refusals mean: may the same be tried again, and what an operator should do. */
import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from "mongodb";
import { AppError, isAppError } from "../../errors.ts";

/** Codes of https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const duplicateKey = 11000;
const authenticationFailed = 18;
const unauthorized = 13;
const outOfDiskSpace = 14031;

/** The server is going, has gone, or is not the primary (any more): what became of the command is not known. */
const passing = new Set([
  6, 7, 43, 50, 64, 89, 91, 134, 189, 211, 262, 365, 462, 9001, 10107, 11600, 11602, 13435, 13436,
]);
const passingNames = new Set(["MongoPoolClearedError", "MongoOperationTimeoutError", "MongoServerClosedError"]);
const lineCalls = new Set(["connect", "read", "write"]);
const passingLabels = ["RetryableWriteError", "SystemOverloadedError", "RetryableError"];

/** Of a bulk: nothing else went wrong than that some of it was there. */
export function isDuplicateKey(thrown: unknown): boolean {
  if (thrown instanceof MongoBulkWriteError) {
    const errors = Array.isArray(thrown.writeErrors) ? thrown.writeErrors : [thrown.writeErrors];
    // None at all: the whole command failed, and nothing may be there.
    const isAllOfIt = errors.length > 0 && errors.every(({ code }) => code === duplicateKey);
    return isAllOfIt && !hasWriteConcernFault(thrown);
  }
  return thrown instanceof MongoServerError && thrown.code === duplicateKey;
}

/** Without the word of enough servers nothing is durable, whatever else went well. */
function hasWriteConcernFault({ result }: MongoBulkWriteError): boolean {
  return result.getWriteConcernError() !== undefined;
}

/** The line, the server or its role is at fault, not the command: it may or may not have been carried out. */
export function isPassing(thrown: unknown): boolean {
  if (isAppError(thrown, "STORE_UNREACHABLE") || isLineFault(thrown)) return true;
  if (!(thrown instanceof MongoError)) return false;
  if (thrown instanceof MongoNetworkError || thrown instanceof MongoServerSelectionError) return true;
  if (thrown instanceof MongoWriteConcernError) return true;
  // What befell the whole command is wrapped by the driver, without its class.
  if (thrown instanceof MongoBulkWriteError && (hasWriteConcernFault(thrown) || isPassing(thrown.errorResponse)))
    return true;
  if (passingNames.has(thrown.name)) return true;
  if (thrown.name === "MongoNotConnectedError" || thrown.name === "MongoTopologyClosedError") return false;
  return passing.has(Number(thrown.code)) || passingLabels.some((label) => thrown.hasErrorLabel(label));
}

/** A line that breaks while a command is being written: the driver (7.x) hands on what the socket said. */
function isLineFault(thrown: unknown): thrown is Error {
  return thrown instanceof Error && "syscall" in thrown && lineCalls.has(String(thrown.syscall));
}

/** An AppError that says what is wrong with the database `shown`; what neither MongoDB's driver nor its line threw comes back as it is. */
export function explainMongoFailure(thrown: unknown, shown: string): unknown {
  if (!(thrown instanceof MongoError) && !isLineFault(thrown)) return thrown;
  const options = { cause: thrown };
  const said = thrown.message;
  if (thrown.name === "MongoNotConnectedError" || thrown.name === "MongoClientClosedError") {
    return new AppError("SHUTTING_DOWN", "The store is closed: the server is shutting down.", options);
  }
  if (isPassing(thrown)) {
    return new AppError(
      "STORE_UNREACHABLE",
      `MongoDB at ${shown} does not answer: ${said}. Look whether it runs, can be reached from here and has a primary.`,
      options,
    );
  }
  const code = thrown instanceof MongoError ? thrown.code : undefined;
  if (code === authenticationFailed) {
    return new AppError(
      "INTERNAL",
      `MongoDB at ${shown} refused the login: ${said} Look at MONGO_USERNAME and MONGO_PASSWORD, or the user in MONGO_URL and its authSource.`,
      options,
    );
  }
  if (code === unauthorized) {
    return new AppError(
      "INTERNAL",
      `MongoDB at ${shown} does not let this user do it: ${said}. It needs the role readWrite on the database.`,
      options,
    );
  }
  if (code === outOfDiskSpace) {
    return new AppError(
      "OUT_OF_SPACE",
      `The disk of MongoDB at ${shown} is full: ${said}. Free some space there.`,
      options,
    );
  }
  return new AppError("INTERNAL", `MongoDB at ${shown} said: ${said}`, options);
}
