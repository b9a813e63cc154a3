import { describe, expect, it } from "vitest";
import type { LeaseRecord } from "../store/leases.ts";
import { type Actions, decide, type LivingServer, type OwnLease, type Scene } from "./decide.ts";
import { defaultLeaseLimits } from "./leases.ts";

const nodes = ["n1", "n2", "n3", "n4"];
const nothing: Actions = { takes: [], isMoreToTake: false, gives: [], releases: [], orphans: [] };

/** As server "a" sees it. */
interface Sight {
  readonly others?: readonly (Pick<LivingServer, "id"> & Partial<LivingServer>)[];
  readonly ownNodes?: readonly string[];
  /** node → owner, all under fence 1. */
  readonly owners?: Readonly<Record<string, string | null>>;
  readonly silentMs?: number;
  readonly unnamedMs?: number;
  readonly held?: readonly string[];
  readonly leaving?: readonly string[];
  readonly busy?: readonly string[];
  readonly lingering?: readonly string[];
  readonly stored?: readonly string[];
  readonly isDraining?: boolean;
}

function scene(sight: Sight): Scene {
  const { others = [], ownNodes = nodes, owners = {}, held = [], leaving = [], busy = [], isDraining = false } = sight;
  const own = [...held, ...leaving].map((node): [string, OwnLease] => [
    node,
    { lease: { node, fence: 1 }, isLeaving: leaving.includes(node), isBusy: busy.includes(node) },
  ]);
  return {
    self: "a",
    servers: [
      { id: "a", nodes: isDraining ? [] : ownNodes, isTaking: !isDraining },
      ...others.map((server) => ({ nodes, isTaking: true, ...server })),
    ],
    leases: Object.entries(owners).map(([node, owner]): LeaseRecord => ({ node, owner, fence: 1, beat: 1 })),
    silentMs: () => sight.silentMs ?? 0,
    unnamedMs: () => sight.unnamedMs ?? 0,
    own: new Map(own),
    lingering: new Set(sight.lingering),
    stored: new Set(sight.stored),
    isDraining,
    limits: defaultLeaseLimits,
  };
}

function taken(sight: Sight): readonly string[] {
  return decide(scene(sight)).takes.map(({ node }) => node);
}

function given(sight: Sight): readonly string[] {
  return decide(scene(sight)).gives.map(({ node }) => node);
}

const allOfA = { n1: "a", n2: "a", n3: "a", n4: "a" };
const twoEach = { n1: "a", n2: "a", n3: "b", n4: "b" };

describe("a server alone", () => {
  it("takes what is free, and what was never leased", () => {
    expect(taken({ owners: { n1: null } })).toEqual(nodes);
  });

  it("takes so many in one round at most", () => {
    const many = Array.from({ length: 25 }, (_, index) => `n${index}`);
    const { takes, isMoreToTake } = decide(scene({ ownNodes: many }));
    expect([takes.length, isMoreToTake]).toEqual([10, true]);
  });

  it("takes over from a dead one what was silent for the whole lease time, and no sooner", () => {
    const owners = { n1: "dead", n2: "dead", n3: "dead", n4: "dead" };
    expect(taken({ owners, silentMs: 9_999 })).toEqual([]);
    expect(taken({ owners, silentMs: 10_000 })).toEqual(nodes);
  });

  it("does not take what it still works on", () => {
    expect(taken({ lingering: ["n2"] })).toEqual(["n1", "n3", "n4"]);
  });

  it("takes again what is its own by name alone", () => {
    expect(taken({ owners: allOfA, held: ["n1"] })).toEqual(["n2", "n3", "n4"]);
  });
});

describe("a server among others", () => {
  it("does nothing when all is even", () => {
    const sight = { others: [{ id: "b" }], owners: twoEach, held: ["n1", "n2"], silentMs: 2500, stored: nodes };
    expect(decide(scene(sight))).toEqual(nothing);
  });

  it("takes its share of what is free, and leaves the rest to the others", () => {
    expect(taken({ others: [{ id: "b" }] })).toHaveLength(2);
    expect(taken({ others: [{ id: "b" }], owners: { ...twoEach, n2: null }, held: ["n1"] })).toEqual(["n2"]);
    expect(
      taken({ others: [{ id: "b" }], owners: { n1: "a", n2: "a", n3: "b", n4: null }, held: ["n1", "n2"] }),
    ).toEqual([]);
  });

  it("takes what the other does not come for, and says in whose stead", () => {
    const owners = { n1: "a", n2: "a", n3: "b", n4: null };
    const { takes } = decide(scene({ others: [{ id: "b" }], owners, held: ["n1", "n2"], silentMs: 5000 }));
    expect(takes.map(({ node, insteadOf }) => [node, insteadOf])).toEqual([["n4", "b"]]);
  });

  it("counts on nobody for more who does not take", () => {
    const others = [{ id: "b", isTaking: false }];
    expect(taken({ others })).toEqual(nodes);
    expect(given({ others, owners: allOfA, held: nodes })).toEqual([]);
  });

  it("gives away what is above its share, but nothing busy", () => {
    expect(given({ others: [{ id: "b" }], owners: allOfA, held: nodes })).toHaveLength(2);
    expect(given({ others: [{ id: "b" }], owners: allOfA, held: nodes, busy: ["n1", "n2", "n3"] })).toEqual(["n4"]);
    expect(given({ others: [{ id: "b" }], owners: allOfA, held: nodes, busy: nodes })).toEqual([]);
  });

  it("does not give more because what it gives is still on its way", () => {
    expect(given({ others: [{ id: "b" }], owners: allOfA, held: ["n1", "n2"], leaving: ["n3", "n4"] })).toEqual([]);
  });

  it("gives a few at a time", () => {
    const many = Array.from({ length: 25 }, (_, index) => `n${index}`);
    const owners = Object.fromEntries(many.map((node) => [node, "a"]));
    expect(given({ others: [{ id: "b", nodes: many }], ownNodes: many, owners, held: many })).toHaveLength(4);
  });

  it("gives nothing to one that has not the node in its hosts.yml, nor takes what it has not itself", () => {
    expect(given({ others: [{ id: "b", nodes: [] }], owners: allOfA, held: nodes })).toEqual([]);
    expect(taken({ others: [{ id: "b" }], ownNodes: ["n1"], silentMs: 60_000 })).toEqual(["n1"]);
  });

  it("gives away what left its own hosts.yml and stands in another's, unless it is busy", () => {
    const sight = { others: [{ id: "b" }], ownNodes: ["n1"], owners: allOfA, held: nodes, stored: nodes };
    expect(decide(scene({ ...sight, busy: ["n2"] }))).toMatchObject({
      gives: [{ node: "n3" }, { node: "n4" }],
      orphans: [],
    });
  });

  it("releases what is its own by name alone when it is another's turn", () => {
    const owners = { ...allOfA, n3: "b" };
    const { takes, releases } = decide(scene({ others: [{ id: "b" }], owners, held: ["n1", "n2"] }));
    expect([takes, releases]).toMatchObject([[], [{ node: "n4", fence: 1 }]]);
  });
});

describe("a server about to stop", () => {
  it("takes nothing, and gives everything that is not busy", () => {
    const sight = { others: [{ id: "b" }], isDraining: true, owners: allOfA, held: nodes, busy: ["n4"], stored: nodes };
    expect(decide(scene({ ...sight }))).toMatchObject({
      takes: [],
      gives: [{ node: "n1" }, { node: "n2" }, { node: "n3" }],
    });
    expect(taken({ isDraining: true })).toEqual([]);
  });

  it("keeps everything, and removes nothing, where nobody else is there", () => {
    expect(decide(scene({ isDraining: true, owners: allOfA, held: nodes, stored: nodes }))).toEqual(nothing);
  });
});

describe("a node in nobody's hosts.yml", () => {
  const stored = [...nodes, "gone"];

  it("is removed at once by its holder, and given up when it is", () => {
    const sight = { owners: { ...allOfA, gone: "a" }, held: stored };
    expect(decide(scene({ ...sight, stored }))).toMatchObject({ orphans: [{ node: "gone" }], gives: [] });
    expect(decide(scene({ ...sight, stored: nodes }))).toMatchObject({ orphans: [], gives: [{ node: "gone" }] });
  });

  it("is taken by one server, after a while", () => {
    const sight = { others: [{ id: "b" }], owners: twoEach, held: ["n1", "n2"], stored };
    expect(taken({ ...sight, unnamedMs: 59_999 })).toEqual([]);
    expect(taken({ ...sight, unnamedMs: 60_000 })).toEqual(["gone"]);
  });

  it("is left to its holder as long as that one lives", () => {
    const sight = { others: [{ id: "b" }], owners: { ...twoEach, gone: "b" }, held: ["n1", "n2"], stored };
    expect(taken({ ...sight, unnamedMs: 60_000 })).toEqual([]);
  });
});
