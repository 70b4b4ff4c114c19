import { expect } from "chai";
import { everywhere, label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import type { Registration } from "../recording/monitor";

const subnets = (recording: Recording, tier: "public" | "private") =>
  recording.ofType(types.subnet).filter(({ name }) => name.startsWith(`chatpop-${tier}-`));

/** The resource that a subnet's traffic to the internet goes through, by its name. */
function wayOut(recording: Recording, subnet: Registration): string | undefined {
  const association = recording
    .ofType(types.routeTableAssociation)
    .find((each) => recording.namesOf(each, "subnetId")[0] === subnet.name);
  const table = association && recording.namesOf(association, "routeTableId")[0];
  const route = recording
    .ofType(types.route)
    .find(
      (each) =>
        recording.namesOf(each, "routeTableId")[0] === table &&
        each.inputs["destinationCidrBlock"] === "0.0.0.0/0",
    );
  return route && [...recording.namesOf(route, "natGatewayId"), ...recording.namesOf(route, "gatewayId")][0];
}

const waysOut = (recording: Recording, tier: "public" | "private") =>
  subnets(recording, tier).map((subnet) => wayOut(recording, subnet));

describe("network", () => {
  it("has a public and a private subnet in each of two zones (G-50, G-72)", () =>
    everywhere((recording, _scale, mode) => {
      for (const [tier, blocks] of [
        ["public", ["10.0.0.0/19", "10.0.32.0/19"]],
        ["private", ["10.0.128.0/19", "10.0.160.0/19"]],
      ] as const) {
        const found = subnets(recording, tier);
        expect(found.map(({ inputs }) => inputs["cidrBlock"])).to.deep.equal(blocks);
        // The zones are asked from AWS, so they are known in a preview as well.
        expect(
          found.map(({ inputs }) => inputs["availabilityZone"]),
          mode,
        ).to.deep.equal(["us-east-1a", "us-east-1b"]);
      }
    }));

  it("gives no instance a public address that did not ask for one (GAP-13)", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.subnet)) {
        expect(inputs["mapPublicIpOnLaunch"]).to.be.false;
      }
    }));

  it("resolves names inside the VPC, which endpoints of RDS and ElastiCache need", () =>
    everywhere((recording) => {
      expect(recording.one(types.vpc).inputs).to.include({
        cidrBlock: "10.0.0.0/16",
        enableDnsSupport: true,
        enableDnsHostnames: true,
      });
    }));

  it("routes public subnets to the internet, private ones through 0, 1 or 2 NAT gateways (GAP-46)", () =>
    everywhere((recording, scale) => {
      expect(waysOut(recording, "public")).to.deep.equal(["chatpop", "chatpop"]);
      expect(
        recording.ofType(types.natGateway).map((each) => recording.namesOf(each, "subnetId")[0]),
      ).to.deep.equal(
        { small: [], medium: ["chatpop-public-1"], large: ["chatpop-public-1", "chatpop-public-2"] }[scale],
      );
      expect(waysOut(recording, "private")).to.deep.equal(
        {
          small: [undefined, undefined],
          medium: ["chatpop-nat-1", "chatpop-nat-1"],
          large: ["chatpop-nat-1", "chatpop-nat-2"],
        }[scale],
      );
    }));

  it("gives every zone its own NAT gateway when there are three", async () => {
    const recording = await record("large", "update", { zones: "3" });
    expect(waysOut(recording, "private")).to.deep.equal(["chatpop-nat-1", "chatpop-nat-2", "chatpop-nat-3"]);
  });

  it("keeps subnets and route tables as they are when a zone or a NAT gateway is added", async () => {
    const lasting = (recording: Recording) =>
      [types.vpc, types.subnet, types.routeTable, types.routeTableAssociation].flatMap((type) =>
        recording.ofType(type).map(({ urn, inputs }) => JSON.stringify([urn, inputs])),
      );
    const before = lasting(await record("small", "update"));
    expect(lasting(await record("large", "update"))).to.have.members(before);
    expect(lasting(await record("small", "update", { zones: "3" }))).to.include.members(before);
  });

  it("closes the VPC's default security group", () =>
    everywhere((recording) => {
      expect(recording.one(types.defaultSecurityGroup).inputs).to.deep.include({ ingress: [], egress: [] });
    }));

  it("reaches S3 by an endpoint from every route table (GAP-46)", () =>
    everywhere((recording) => {
      const endpoint = recording.one(types.vpcEndpoint);
      expect(endpoint.inputs).to.include({
        vpcEndpointType: "Gateway",
        serviceName: "com.amazonaws.us-east-1.s3",
      });
      const tables = recording.ofType(types.routeTable).map(({ name }) => name);
      expect(recording.namesOf(endpoint, "routeTableIds")).to.have.members(tables);
    }));

  it("gives a load balancer, a NAT gateway or a task no subnet that has no way out yet", () =>
    everywhere((recording, scale) => {
      const internet = ["chatpop-public-internet"];
      const waiting = [recording.one(types.loadBalancer), ...recording.ofType(types.natGateway)];
      for (const resource of waiting) {
        const property = resource.type === types.loadBalancer ? "subnets" : "subnetId";
        expect(recording.namesOf(resource, property, types.route), label(resource)).to.deep.equal(internet);
      }
      expect(
        recording.namesOf(
          recording.one(types.service, "chatpop-backend-service"),
          "networkConfiguration",
          types.route,
        ),
      ).to.deep.equal(
        scale === "small" ? internet : ["chatpop-private-1-internet", "chatpop-private-2-internet"],
      );
    }));

  it("stays where it is when AWS lists its zones otherwise", () =>
    everywhere((recording) => {
      for (const subnet of recording.ofType(types.subnet)) {
        expect(subnet.ignoreChanges).to.deep.equal(["availabilityZone"]);
      }
    }));

  it("keeps database, cache and proxy in the private subnets, the load balancer in the public ones (G-50, GAP-13)", () =>
    everywhere((recording) => {
      const names = (tier: "public" | "private") => subnets(recording, tier).map(({ name }) => name);
      for (const [type, property, tier] of [
        [types.databaseSubnetGroup, "subnetIds", "private"],
        [types.cacheSubnetGroup, "subnetIds", "private"],
        [types.proxy, "vpcSubnetIds", "private"],
        [types.loadBalancer, "subnets", "public"],
      ] as const) {
        for (const resource of recording.ofType(type)) {
          expect(recording.namesOf(resource, property, types.subnet), type).to.have.members(names(tier));
        }
      }
    }));
});
