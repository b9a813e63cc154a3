/** Asks the server on this machine whether it lives: exit code 0 or 1. For Docker's HEALTHCHECK and the like. */
import { request as plain } from "node:http";
import { request as secure } from "node:https";

const { HOST = "127.0.0.1", PORT = "4000", TLS_CERT } = process.env;
const everywhere = ["", "0.0.0.0", "::"];
const options = {
  host: everywhere.includes(HOST) ? "127.0.0.1" : HOST,
  port: PORT || "4000",
  path: process.argv[2] ?? "/healthz",
  timeout: 4000,
  // It asks this very machine for one word; whose certificate answers is not the question.
  rejectUnauthorized: false,
};

const asked = (TLS_CERT ? secure : plain)(options, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
asked.on("timeout", () => asked.destroy(new Error(`no answer within ${options.timeout} ms`)));
asked.on("error", (error) => {
  console.error(`${options.host}:${options.port}${options.path}: ${error.message}`);
  process.exitCode = 1;
});
asked.end();
