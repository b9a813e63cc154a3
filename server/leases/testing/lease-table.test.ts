import { leaseContract } from "../../store/leases.contract.ts";
import { seededRandom } from "./cluster.ts";
import { createLeaseTable } from "./lease-table.ts";
import { createMachine, createVirtualTime } from "./virtual-time.ts";

let pump: NodeJS.Timeout | undefined;

leaseContract("the false database", {
  async open(count) {
    const random = () => 0.5;
    const time = createVirtualTime();
    const table = createLeaseTable(time, random);
    pump = setInterval(() => void time.pass(20), 1);
    return Array.from({ length: count }, (_, index) => {
      const machine = createMachine({ time, rate: 1, random: seededRandom(index) });
      return table.connect({ self: `server ${index}`, machine, isCut: false, isDeaf: false, isLate: false });
    });
  },
  async close() {
    clearInterval(pump);
  },
});
