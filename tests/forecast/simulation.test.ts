import { expect } from "chai";
import fc from "fast-check";
import { scales } from "../../stacks/guide";
import { connectTimeout } from "../../stacks/plan/loadBalancer";
import { makePlan } from "../../stacks/plan";
import { needed, onCpuAlone, serviceOf, variants } from "../../forecast/simulation/comparison";
import { type Curve, curves } from "../../forecast/simulation/curves";
import { Fleet } from "../../forecast/simulation/fleet";
import { type Minute, play, type Service, settled } from "../../forecast/simulation/simulation";

const curve = (minutes: number, share: Curve["share"], more: Partial<Curve> = {}): Curve => ({
  name: "",
  title: "",
  story: "",
  minutes,
  share,
  ...more,
});

/** Services of any size, scaled as this project does or by CPU alone. */
const services: fc.Arbitrary<Service> = fc
  .record({
    scale: fc.constantFrom(...scales),
    sizing: fc.constantFrom("guide" as const, "measured" as const),
    rooms: fc.integer({ min: 50, max: 3_000 }),
    usersPerRoom: fc.integer({ min: 2, max: 50 }),
    cpuAlone: fc.boolean(),
  })
  .map(({ cpuAlone, ...settings }) => {
    const service = serviceOf(makePlan(settings));
    return cpuAlone ? onCpuAlone(service) : service;
  });

/** Load that jumps to another level every few minutes. */
const restless = fc
  .record({
    levels: fc.array(fc.double({ min: 0, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 8 }),
    length: fc.integer({ min: 3, max: 45 }),
    talk: fc.constantFrom(0.25, 1, 2),
  })
  .map(({ levels, length, talk }) =>
    curve(
      levels.length * length,
      (minute) => levels[Math.min(levels.length - 1, Math.floor(minute / length))]!,
      {
        talk,
      },
    ),
  );

/** Minutes in which the number of tasks changed, with the difference. */
const changes = (minutes: readonly Minute[]) =>
  minutes.flatMap(({ desired }, minute) => {
    const by = desired - (minutes[minute - 1]?.desired ?? desired);
    return by === 0 ? [] : [{ minute, by }];
  });

describe("a simulated service, whatever the load", () => {
  it("never leaves its limits (G-20)", () => {
    fc.assert(
      fc.property(services, restless, (service, load) => {
        for (const { desired } of play(load, service).minutes)
          expect(desired).to.be.within(service.minimum, service.maximum);
      }),
      { numRuns: 60 },
    );
  });

  it("never scales in faster than the longest cool-down, nor within AWS's fifteen points of scaling out (G-75, GAP-33)", () => {
    fc.assert(
      fc.property(services, restless, (service, load) => {
        const seen = changes(play(load, service).minutes);
        const cooldown = Math.max(...service.policies.map(({ scaleInCooldown }) => scaleInCooldown)) / 60;
        seen.forEach(({ minute, by }, index) => {
          const before = seen[index - 1];
          if (by > 0 || !before) return;
          expect(minute - before.minute).to.be.at.least(before.by < 0 ? cooldown : 15);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("plays the same every time", () => {
    fc.assert(
      fc.property(services, restless, (service, load) => {
        expect(play(load, service)).to.deep.equal(play(load, service));
      }),
      { numRuns: 20 },
    );
  });

  it("never needs fewer tasks for more load", () => {
    const share = fc.double({ min: 0.01, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(services, share, share, (service, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(
          (each) => each * service.connections,
        );
        expect(settled(service, more!)).to.be.at.least(settled(service, less!));
        expect(needed(service, more!)).to.be.at.least(needed(service, less!));
      }),
    );
  });

  it("comes to no fewer tasks for more load, but for the tenth that AWS leaves between its alarms", () => {
    const end = (service: Service, share: number) => {
      const rise = curve(180, (minute) => share * Math.min(1, 0.2 + minute / 20));
      return play(rise, service).minutes.at(-1)!.desired;
    };
    fc.assert(
      fc.property(services, fc.double({ min: 0.05, max: 1, noNaN: true }), (service, share) => {
        expect(end(service, 1.25 * share)).to.be.at.least(end(service, share));
      }),
      { numRuns: 60 },
    );
  });

  it("never stops more than a task too many under a load that rises over hours, when there is room to grow (GAP-53)", () => {
    const measured = fc.record({
      scale: fc.constantFrom(...scales),
      rooms: fc.integer({ min: 50, max: 3_000 }),
      usersPerRoom: fc.integer({ min: 2, max: 50 }),
    });
    const rise = fc.record({
      minutes: fc.integer({ min: 90, max: 180 }),
      from: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      talk: fc.constantFrom(0.25, 1, 1.5),
    });
    fc.assert(
      fc.property(measured, rise, (settings, { minutes, from, talk }) => {
        const service = serviceOf(makePlan({ ...settings, sizing: "measured" }));
        const rising = curve(220, (minute) => from + (1 - from) * Math.min(1, minute / minutes), { talk });
        const report = play(rising, service);
        const stopped = changes(report.minutes).filter(({ by }) => by < -1);
        expect(stopped).to.deep.equal([]);
      }),
      { numRuns: 100 },
    );
  });

  it("ends with the tasks that the load takes, where its limits allow (G-192)", () => {
    fc.assert(
      fc.property(services, fc.double({ min: 0.05, max: 1, noNaN: true }), (service, share) => {
        const steady = curve(240, (minute) => share * Math.min(1, 0.2 + minute / 20));
        const wanted = settled(service, share * service.connections);
        const { desired } = play(steady, service).minutes.at(-1)!;
        expect(desired).to.be.within(wanted, Math.max(wanted, Math.ceil(wanted / 0.9)));
      }),
      { numRuns: 60 },
    );
  });
});

describe("a simulated fleet", () => {
  const capacity = serviceOf(makePlan({ scale: "large" })).capacity;
  const settings = { capacity, zones: 2, startTime: 75, connectTimeout: 60, slowStart: 0 };

  it("loses nobody: everyone is on a task or waits", () => {
    const events = fc.array(
      fc.oneof(
        fc.record({ tasks: fc.integer({ min: 1, max: 20 }) }),
        fc.record({ people: fc.integer({ min: 0, max: 150_000 }) }),
        fc.constant({ zone: true }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(events, (all) => {
        const fleet = new Fleet(settings, 4, 10_000);
        let [people, tasks] = [10_000, 4];
        all.forEach((event, index) => {
          const now = 20 * index;
          if ("people" in event) people = event.people;
          if ("tasks" in event) tasks = event.tasks;
          if ("zone" in event) fleet.loseZone(now);
          fleet.resize(now, tasks);
          fleet.attract(now, people, 0.01);
          fleet.admit(now, 20);
          expect(fleet.connected + fleet.outside).to.be.closeTo(people, 1e-3);
          expect(fleet.size).to.equal(tasks);
        });
      }),
    );
  });

  it("leaves sockets where they are: a new task gets new connections only", () => {
    const fleet = new Fleet(settings, 2, 6_000);
    fleet.resize(0, 3);
    fleet.attract(100, 6_000, 0);
    fleet.admit(100, 5);
    expect(fleet.healthy(100).map(({ sockets }) => sockets)).to.deep.equal([3_000, 3_000, 0]);
  });

  it("gives a task no connection before it has started and passed a health check", () => {
    const fleet = new Fleet(settings, 1, 0);
    fleet.resize(0, 2);
    expect(fleet.healthy(74)).to.have.length(1);
    expect(fleet.healthy(75)).to.have.length(2);
  });

  it("gives a new task its full share of connections only after the load balancer's slow start", () => {
    const taken = (slowStart: number, now: number) => {
      const fleet = new Fleet({ ...settings, slowStart }, 3, 0);
      fleet.resize(0, 4);
      fleet.attract(now, 400, 0);
      fleet.admit(now, 5);
      return fleet.healthy(now).map((task) => Math.round(task.taken));
    };
    expect(taken(0, 75)).to.deep.equal([100, 100, 100, 100]);
    expect(taken(60, 75)).to.deep.equal([130, 130, 130, 11]);
    expect(taken(60, 135)).to.deep.equal([100, 100, 100, 100]);
  });

  it("takes returning crowds at the measured rate (GAP-24)", () => {
    const daphne = serviceOf(makePlan({ scale: "medium" })).capacity;
    const fleet = new Fleet({ ...settings, capacity: daphne }, 1, 0);
    fleet.attract(0, 6_000, 0);
    let seconds = 0;
    for (; fleet.outside > 1; seconds++) fleet.admit(seconds, 1);
    expect(seconds * daphne.connectsPerSecond).to.be.within(0.9 * 6_000, 1.1 * 6_000);
    expect(fleet.refused).to.equal(0);
  });

  it("turns people away when its tasks are full, and counts every attempt", () => {
    const fleet = new Fleet(settings, 1, capacity.edge);
    fleet.attract(0, capacity.edge + 2_000, 0);
    for (let now = 0; now <= 120; now += 5) fleet.admit(now, 5);
    expect(fleet.connected).to.equal(capacity.edge);
    expect(fleet.refused).to.equal(4_000);
  });

  it("cuts the sockets of a stopped task, whose people come back", () => {
    const fleet = new Fleet(settings, 2, 6_000);
    fleet.resize(0, 1);
    expect(fleet.cut).to.equal(3_000);
    expect(fleet.outside).to.equal(3_000);
  });
});

describe("the policies that were compared", () => {
  const named = (name: string) => curves.find((each) => each.name === name)! as Curve;
  const reports = (name: string, scale: "medium" | "large") =>
    variants(scale).map(({ service }) => play(named(name), service));

  for (const scale of ["medium", "large"] as const) {
    it(`serve a silent crowd no worse with connections than with CPU alone at ${scale}, and better where the minimum does not hold it (G-21, G-192)`, () => {
      const [guide, ours, measured] = reports("audience", scale);
      // At medium the guide's minimum already carries readers.
      if (scale === "large") expect(ours!.sufferingMinutes).to.be.below(guide!.sufferingMinutes);
      expect(ours!.sufferingMinutes).to.be.at.most(guide!.sufferingMinutes);
      expect(measured!.sufferingMinutes).to.be.below(ours!.sufferingMinutes);
      expect(ours!.unconnectedMinutes).to.be.at.most(guide!.unconnectedMinutes);
      expect(ours!.refused).to.be.at.most(guide!.refused);
    });

    it(`carry a day with the guide's tasks at ${scale}: at most 2 % of people-minutes are overloaded (GAP-11)`, () => {
      for (const [index, { minutes, sufferingMinutes }] of reports("day", scale).entries()) {
        const people = minutes.reduce((total, each) => total + each.people, 0);
        expect(sufferingMinutes / people, `variant ${index}`).to.be.at.most(0.02);
      }
    });

    it(`hold full load with the guide's tasks at ${scale} once it has grown, and never overload measured ones for long`, () => {
      const [guide, ours, measured] = reports("growth", scale);
      for (const report of [guide!, ours!, measured!]) expect(report.minutes.at(-1)!.suffering).to.equal(0);
      expect(measured!.overloadedMinutes).to.be.at.most(2);
    });

    it(`cut sockets over and over when connections have no say in scaling in, at ${scale} (GAP-33)`, () => {
      const [, ours] = variants(scale);
      const mute = ours.service.policies.map((each) => ({
        ...each,
        disableScaleIn: each.metric === "connections",
      }));
      const [before, after] = [ours.service, { ...ours.service, policies: mute }].map((service) =>
        play(named("audience"), service),
      );
      expect(before!.cut).to.be.below(0.1 * ours.service.connections);
      expect(after!.cut).to.be.above(before!.cut);
    });
  }

  it("know the load balancer's slow start from large on, and give up before it does", () => {
    const slowStarts = scales.map((scale) => serviceOf(makePlan({ scale })).slowStart);
    expect(slowStarts).to.deep.equal([0, 0, 60]);
    expect(connectTimeout).to.be.below(makePlan({ scale: "large" }).loadBalancer.idleTimeout);
  });

  it("stop fewer tasks after a surge when steps on CPU wait for each other than with the guide's 60 s (GAP-53)", () => {
    for (const scale of ["medium", "large"] as const) {
      const [, , { service }] = variants(scale);
      const hasty = service.policies.map((each) =>
        each.metric === "cpu" ? { ...each, scaleOutCooldown: 60 } : each,
      );
      const cut = (one: Service) => play(named("surge"), one).cut;
      expect(cut(service)).to.be.below(cut({ ...service, policies: hasty }));
    }
  });

  it("overshoot with the silent crowd when new tasks are not waited for", () => {
    const [, , { service }] = variants("large");
    const hasty = service.policies.map((each) => ({ ...each, scaleOutCooldown: 60 }));
    expect(play(named("audience"), service).cut).to.equal(0);
    expect(play(named("audience"), { ...service, policies: hasty }).cut).to.be.above(50_000);
  });

  it("follow a schedule: fewer tasks at night, the minimum back in the morning (G-176)", () => {
    const [, , { service }] = variants("large");
    const { minimum, maximum } = service;
    const schedule = [
      { from: 0, minimum: 10, maximum },
      { from: 7 * 60, minimum, maximum },
    ];
    const { minutes, taskHours } = play(named("day"), { ...service, schedule });
    expect(Math.min(...minutes.slice(0, 7 * 60).map(({ desired }) => desired))).to.be.below(minimum);
    expect(Math.min(...minutes.slice(7 * 60).map(({ desired }) => desired))).to.equal(minimum);
    expect(taskHours).to.be.below(play(named("day"), service).taskHours);
  });
});
