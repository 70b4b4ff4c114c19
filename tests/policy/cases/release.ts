import { types } from "../../recording/types";
import { without } from "../../../stacks/settings/remedies";
import {
  all,
  attach,
  change,
  container,
  detach,
  type Mutation,
  options,
  redirect,
  remove,
  set,
} from "../mutations";
import type { Cases } from "./case";

const service = `${types.service} chatpop-backend-service`;
const build = "chatpop-build-indexes-await-3";
const taskDefinition = `${types.taskDefinition} chatpop-backend`;
const repository = `${types.repository} chatpop-backend`;

/** Lets a resource wait for nothing whose name begins so. */
const forget =
  (name: string, ...steps: readonly string[]): Mutation =>
  (resources) => {
    const dropped = new Set(
      resources.filter((each) => steps.some((step) => each.name.startsWith(step))).map(({ urn }) => urn),
    );
    return change({ name }, (resource) => ({
      ...resource,
      dependencies: resource.dependencies.filter((urn) => !dropped.has(urn)),
    }))(resources);
  };

const reports = (indexes: readonly { name: string; state: string }[]) =>
  set({ name: build }, "result", JSON.stringify({ state: "valid", indexes }));

export const release: Cases = {
  violations: [
    {
      what: "a service that does not wait for the indexes (G-22, G-152)",
      scale: "small",
      // Nor for the listener, which waits for them.
      mutation: forget("chatpop-backend-service", "chatpop-build-indexes", "chatpop-http"),
      policy: "indexes-before-service",
      blames: service,
      says: /does not wait for the index build/,
      also: ["deployment-can-begin"],
    },
    {
      what: "a program without an index build (G-22)",
      scale: "medium",
      mutation: (resources) =>
        resources.filter(({ name, type }) => type !== types.invocation || !name.includes("indexes")),
      policy: "indexes-before-service",
      blames: service,
      says: /no index build comes before the service/,
    },
    {
      what: "an index build that does not wait for the migration (GAP-43)",
      scale: "small",
      mutation: (resources) =>
        resources
          .filter(({ name }) => name.startsWith("chatpop-build-indexes"))
          .reduce((changed, { name }) => forget(name, "chatpop-migrate")(changed), resources),
      policy: "migration-before-service",
      blames: `${types.invocation} ${build}`,
      says: /does not wait for the migration/,
    },
    {
      what: "a service that does not wait for the migration (G-151)",
      scale: "small",
      mutation: options({ type: types.service }, { dependencies: [] }),
      policy: "migration-before-service",
      blames: service,
      says: /does not wait for the migration/,
      also: ["deployment-can-begin", "indexes-before-service"],
    },
    {
      what: "an index build through the proxy (G-86, GAP-28)",
      scale: "medium",
      mutation: redirect(
        { name: build },
        { from: "chatpop-db.instance", to: "chatpop-proxy.proxy" },
        { from: [types.database], to: `${types.proxy} chatpop-proxy` },
      ),
      policy: "release-past-proxy",
      blames: `${types.invocation} ${build}`,
      says: /goes through the RDS Proxy/,
    },
    {
      what: "a migration by a task that goes through the proxy (GAP-28)",
      scale: "medium",
      mutation: detach({ name: "chatpop-migrate-await-3" }, "input", types.database),
      policy: "release-past-proxy",
      blames: `${types.invocation} chatpop-migrate-await-3`,
      says: /runs chatpop-backend, which goes through the RDS Proxy, and is not told the instance/,
    },
    {
      what: "a migration that waits for locks without limit (GAP-43)",
      scale: "small",
      mutation: set({ name: "chatpop-migrate-await-3" }, "input", '{"session":"-c lock_timeout=0"}'),
      policy: "migration-lock-timeout",
      blames: `${types.invocation} chatpop-migrate-await-3`,
      says: /waits for locks without limit/,
    },
    {
      what: "an index build on a replica",
      scale: "large",
      mutation: attach({ name: build }, "input", `${types.database} chatpop-db-replica`),
      policy: "release-past-proxy",
      blames: `${types.invocation} ${build}`,
      says: /goes to the replica chatpop-db-replica/,
    },
    {
      what: "an index that is not there afterwards (G-87, G-193)",
      scale: "small",
      mutation: reports([{ name: "idx_messages_room_created", state: "valid" }]),
      policy: "index-catalogue-complete",
      blames: `${types.invocation} ${build}`,
      says: /did not build idx_messages_room_active, .*idx_chatroom_code \(/,
    },
    {
      what: "an index that is there and invalid (GAP-28)",
      scale: "large",
      mutation: change({ name: build }, (each) => ({
        ...each,
        wireOutputs: {
          ...each.wireOutputs,
          result: JSON.stringify({
            indexes: [{ name: "idx_outbox_unprocessed", state: "invalid" }],
          }),
        },
      })),
      policy: "index-catalogue-complete",
      blames: `${types.invocation} ${build}`,
      says: /idx_outbox_unprocessed/,
    },
    {
      what: "the image tagged latest (GAP-30)",
      scale: "small",
      mutation: container({ image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat:latest" }),
      policy: "image-by-version",
      blames: taskDefinition,
      says: /is tagged latest/,
    },
    {
      what: "a tag that moves with what is stable (GAP-30)",
      scale: "small",
      mutation: container({ image: "docker.io/x/chat:stable" }),
      policy: "image-by-version",
      blames: taskDefinition,
      says: /is tagged stable, which moves from image to image/,
    },
    {
      what: "an image without tag, from a registry with a port",
      scale: "small",
      mutation: container({ image: "registry.example.com:5000/chat" }),
      policy: "image-by-version",
      blames: taskDefinition,
      says: /has no tag, which means latest/,
    },
    {
      what: "tags that can be moved (GAP-30)",
      scale: "medium",
      mutation: set({ type: types.repository }, "imageTagMutability", undefined),
      policy: "image-tags-stay",
      blames: repository,
      says: /tags can be moved/,
    },
    {
      what: "images that nobody scans",
      scale: "small",
      mutation: set({ type: types.repository }, "imageScanningConfiguration", undefined),
      policy: "image-tags-stay",
      blames: repository,
      says: /not scanned/,
    },
  ],
  allowances: [
    {
      what: "a build without a result, which an update with targets leaves out",
      scale: "small",
      mutation: change({ name: build }, ({ wireOutputs, ...each }) => ({
        ...each,
        wireOutputs: without(wireOutputs, ["result"]),
      })),
    },
    {
      what: "an image by commit or version",
      scale: "small",
      mutation: container({ image: "registry.example.com:5000/chat:9c2f1ab" }),
    },
    {
      what: "an image by digest",
      scale: "small",
      mutation: container({ image: `chat@sha256:${"0".repeat(64)}` }),
    },
    {
      what: "a migration whose task bounds its waits itself (GAP-43)",
      scale: "small",
      mutation: all(
        set({ name: "chatpop-migrate" }, "input", "{}"),
        container({ environment: [{ name: "PGOPTIONS", value: "-c lock_timeout=5s" }] }),
      ),
    },
    {
      what: "a build that reports in another form",
      scale: "small",
      mutation: set({ name: build }, "result", '"done"'),
    },
    {
      what: "a release in one round",
      scale: "small",
      mutation: (resources) =>
        resources
          .filter(
            ({ name }) => name.startsWith("chatpop-migrate-") || name.startsWith("chatpop-build-indexes-"),
          )
          .reduce(
            (changed, { name, urn }) =>
              remove({ name })(changed).map((each) => ({
                ...each,
                dependencies: each.dependencies.map((one) =>
                  one === urn ? urn.replace(/-await-\d$/, "") : one,
                ),
              })),
            resources,
          ),
    },
  ],
};
