import type { PolicyResource } from "@pulumi/policy";
import { guideScaleOf } from "../../stacks/capacity";
import {
  cacheNodeByConnections,
  databaseClassByTasks,
  guide,
  type Ladder,
  proxyFromTasks,
  rung,
  taskSize,
} from "../../stacks/guide";
import { isSmaller } from "../../aws/instanceClasses";
import { leave } from "../mends";
import { stackRule } from "../rule";
import type { Stack } from "../stack";
import { types } from "../../aws/types";
import type { Finding } from "../values";
import { asNumber } from "../values";

const classFor = (ladder: Ladder, value: number) => ladder[rung(ladder, value)]?.class;

const rowOf = (stack: Stack) => guide[guideScaleOf(stack.rooms())];

/** Compares by vCPU and memory, never by name: another generation of the same size will do. */
function tooSmall(
  { props }: PolicyResource,
  property: string,
  needed: string | undefined,
  why: string,
): Finding {
  const own = props[property] as string | undefined;
  if (own === undefined || needed === undefined) return undefined;
  if (own === needed) return false;
  const smaller = isSmaller(own, needed);
  if (smaller === undefined) return `the size of ${own} cannot be told from its name; ${why} need ${needed}`;
  return smaller && `${own} is smaller than ${needed}, which ${why} need`;
}

const forRooms = (stack: Stack) => `${stack.rooms().toLocaleString("en")} rooms`;

export const databaseSizeForScale = stackRule(
  {
    name: "database-size-for-scale",
    description: "The database has at least the vCPU, memory and storage of the guide's scale",
    severity: "medium",
    requirements: ["G-15", "G-16", "G-150", "G-161", "G-168"],
    remedy: "raise instanceClass and maxAllocatedStorage",
    mends: [leave("databaseClass"), leave("databaseMaxStorage")],
  },
  function* (stack) {
    const { databaseClass, databaseStorage } = rowOf(stack);
    for (const database of stack.primaries()) {
      yield* stack.judge(database, () => tooSmall(database, "instanceClass", databaseClass, forRooms(stack)));
      yield* stack.judge(database, () => {
        const { allocatedStorage, maxAllocatedStorage = 0 } = database.props as Record<
          string,
          number | undefined
        >;
        if (allocatedStorage === undefined) return undefined;
        // RDS grows by itself up to the limit.
        const storage = Math.max(allocatedStorage, maxAllocatedStorage);
        return (
          storage < databaseStorage &&
          `${storage} GiB of storage at most; ${forRooms(stack)} need ${databaseStorage} GiB`
        );
      });
    }
  },
);

export const databaseConnectionsForTasks = stackRule(
  {
    name: "database-connections-for-tasks",
    description:
      "The database's class, and from 10 tasks an RDS Proxy, has connections for all that autoscaling may start",
    severity: "high",
    requirements: ["G-138", "G-139", "G-140", "G-141", "G-142"],
    remedy: "raise instanceClass, put an aws.rds.Proxy before the database, or lower maxCapacity",
    mends: [leave("databaseClass"), leave("databaseProxy"), leave("maxTasks")],
  },
  function* (stack) {
    for (const target of stack.chatServices().flatMap((service) => stack.scalingTargets(service))) {
      for (const database of stack.primaries()) {
        yield* stack.judge(database, () => {
          const tasks = target.props["maxCapacity"] as number;
          return (
            tasks >= proxyFromTasks &&
            stack.ofType(types.proxy).length === 0 &&
            `no RDS Proxy stands before it, which up to ${tasks} tasks need`
          );
        });
        yield* stack.judge(database, () => {
          const tasks = target.props["maxCapacity"] as number;
          return tooSmall(
            database,
            "instanceClass",
            classFor(databaseClassByTasks, tasks),
            `up to ${tasks} tasks`,
          );
        });
      }
    }
  },
);

export const cacheSizeForScale = stackRule(
  {
    name: "cache-size-for-scale",
    description: "The cache's nodes have at least the vCPU and memory of the guide's scale",
    severity: "medium",
    requirements: ["G-14", "G-153", "G-162", "G-169"],
    remedy: "raise nodeType",
    mends: [leave("cacheNodeType")],
  },
  function* (stack) {
    const { cacheNodeType } = rowOf(stack);
    for (const cache of stack.caches()) {
      yield* stack.judge(cache, () => tooSmall(cache, "nodeType", cacheNodeType, forRooms(stack)));
    }
  },
);

export const cacheSizeForConnections = stackRule(
  {
    name: "cache-size-for-connections",
    description: "The cache's nodes are not below the guide's table of WebSocket connections",
    severity: "medium",
    requirements: ["G-143", "G-144", "G-145", "G-146"],
    remedy: "raise nodeType",
    mends: [leave("cacheNodeType")],
  },
  function* (stack) {
    const connections = stack.connections();
    const needed = classFor(cacheNodeByConnections, connections);
    for (const cache of stack.caches()) {
      yield* stack.judge(cache, () =>
        tooSmall(cache, "nodeType", needed, `${connections.toLocaleString("en")} connections`),
      );
    }
  },
);

export const taskSizeForChat = stackRule(
  {
    name: "task-size",
    description: "A task of the chat has at least half a vCPU and 1 GB",
    severity: "medium",
    requirements: ["G-12", "G-57", "G-137"],
    remedy: `cpu ${taskSize.cpu} and memory ${taskSize.memory}, or more`,
    mends: [leave("taskCpu"), leave("taskMemory")],
  },
  function* (stack) {
    for (const task of stack.chatTasks()) {
      for (const property of ["cpu", "memory"] as const) {
        yield* stack.judge(task, () => {
          const value = asNumber(task.props[property] ?? Infinity);
          return value < taskSize[property] && `${property} ${value} is less than ${taskSize[property]}`;
        });
      }
    }
  },
);
