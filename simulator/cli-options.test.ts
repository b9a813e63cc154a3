import { describe, expect, test } from "vitest";
import { helpText, readCliOptions, readFaultRule } from "./cli-options.ts";
import { faultKinds } from "./words.ts";

describe("the command line", () => {
  test("nothing given leaves every default to the simulator", () => {
    const { help, hostsYmlFile, simulator } = readCliOptions([]);
    expect({ help, hostsYmlFile }).toEqual({ help: false, hostsYmlFile: undefined });
    expect(Object.values(simulator).filter((value) => value !== undefined)).toEqual([[]]);
  });

  test("all of it", () => {
    const words =
      "--hosts 2 --vms 7 --seed 9 --version 6.7.0 --delay 0 --disk 20 --base-port 2200 --max-sessions 1 --lively --data-dir d";
    const { simulator } = readCliOptions([
      ...words.split(" "),
      "--fault",
      "hang,match=get.summary,count=3",
      "--fault",
      "refuse",
    ]);
    expect(simulator).toMatchObject({
      hosts: 2,
      vmsPerHost: 7,
      seed: 9,
      version: "6.7.0",
      delayMs: 0,
      diskMs: 20,
      basePort: 2200,
      maxSessions: 1,
      lively: true,
      dataDir: "d",
      faults: [{ kind: "hang", match: "get.summary", count: 3 }, { kind: "refuse" }],
    });
  });

  test.each([
    [["--hosts", "many"], "--hosts must be a whole number, not many"],
    [["--version", "4.0"], "--version must be one of 5.5.0"],
    [["--fault", "explode"], "--fault must be one of refuse"],
    [["--fault", "hang,colour=red"], "must be one of match"],
    [["--fault", "hang,count=x"], "--fault count must be a number, not x"],
    [["--fault", "kill,at=once"], "at must be one of before, middle, after"],
    [["--wrong"], "Unknown option '--wrong'"],
  ])("%j is refused with what is expected", (words, message) => {
    expect(() => readCliOptions(words)).toThrow(message);
  });

  test("a rule's text may hold an equals sign", () => {
    expect(readFaultRule("fail,text=a=b,probability=0.5")).toEqual({ kind: "fail", text: "a=b", probability: 0.5 });
  });

  test("a rule may say when and how", () => {
    const rule = { kind: "fail", match: "vmkfstools -c", at: "after", exitCode: 255, ms: 10 };
    expect(readFaultRule("fail,match=vmkfstools -c,at=after,exitCode=255,ms=10")).toEqual(rule);
  });

  test("the help names every kind of fault", () => {
    for (const kind of faultKinds) expect(helpText).toContain(kind);
  });
});
