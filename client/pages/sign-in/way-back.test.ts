import { expect, test } from "vitest";
import { wayBack } from "./way-back.ts";

const origin = "https://ecoman.lab";

test.each([
  ["?to=%2Fvms%2Fvm_1%3Ftab%3Dusage%23x", "/vms/vm_1?tab=usage#x"],
  ["?to=%2Fcreate%3Fname%3Dweb", "/create?name=web"],
  ["", "/vms"],
  ["?to=", "/vms"],
  ["?to=%2Fsign-in", "/vms"],
  ["?to=https%3A%2F%2Fevil.lab%2F", "/vms"],
  ["?to=%2F%2Fevil.lab%2F", "/vms"],
  ["?to=%2F%5Cevil.lab", "/vms"],
  ["?to=%2F.%2F%2Fevil.lab", "/vms"],
  ["?to=javascript%3Aalert(1)", "/vms"],
])("%s leads to %s", (search, path) => {
  expect(wayBack(search, origin)).toBe(path);
});
