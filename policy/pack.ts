import { chat } from "./chat";
import { deferredToUpdate, results, unusedSuppressions } from "./closing";
import { refuseMistakes } from "./configuration";
import { groupsPolicy } from "./groups";
import { otherServices } from "./otherServices";
import * as access from "./rules/access";
import * as application from "./rules/application";
import * as alarms from "./rules/alarms";
import * as alarmSense from "./rules/alarmSense";
import * as autoscaling from "./rules/autoscaling";
import * as budget from "./rules/budget";
import * as cache from "./rules/cache";
import * as connectionScaling from "./rules/connectionScaling";
import * as database from "./rules/database";
import * as databaseParameters from "./rules/databaseParameters";
import * as demand from "./rules/demand";
import * as deployment from "./rules/deployment";
import * as firewall from "./rules/firewall";
import * as functions from "./rules/functions";
import * as federation from "./rules/federation";
import * as distribution from "./rules/distribution";
import * as keys from "./rules/keys";
import * as isolation from "./rules/isolation";
import * as https from "./rules/https";
import * as image from "./rules/image";
import * as media from "./rules/media";
import * as network from "./rules/network";
import * as openSecrets from "./rules/openSecrets";
import * as observability from "./rules/observability";
import * as notices from "./rules/notices";
import * as protection from "./rules/protection";
import * as proxy from "./rules/proxy";
import * as recovery from "./rules/recovery";
import * as reach from "./rules/reach";
import * as release from "./rules/release";
import * as scale from "./rules/scale";
import * as scheduledScaling from "./rules/scheduledScaling";
import * as secrets from "./rules/secrets";
import * as sizes from "./rules/sizes";
import * as starting from "./rules/starting";
import * as storage from "./rules/storage";
import * as thrift from "./rules/thrift";
import * as websocket from "./rules/websocket";
import * as workers from "./rules/workers";

/** Every rule by concern, in the order of the documentation. Every export of a file under `rules/` is a rule, or a list of them. */
export const concerns = {
  Scale: [...Object.values(scale), ...Object.values(sizes), ...Object.values(demand)],
  Autoscaling: [
    ...Object.values(autoscaling),
    ...Object.values(connectionScaling),
    ...Object.values(scheduledScaling),
  ],
  WebSocket: [...Object.values(websocket), ...Object.values(deployment)],
  Application: [...Object.values(application), ...Object.values(starting)],
  Workers: Object.values(workers),
  Release: [...Object.values(release), ...Object.values(image)],
  Database: [
    ...Object.values(database),
    ...Object.values(databaseParameters),
    ...Object.values(recovery),
    ...Object.values(proxy),
  ],
  Cache: Object.values(cache),
  Media: [...Object.values(media), ...Object.values(storage), ...Object.values(distribution)],
  Network: [
    ...Object.values(network),
    ...Object.values(reach),
    ...Object.values(https),
    ...Object.values(firewall),
  ],
  "Secrets and identity": [
    ...Object.values(openSecrets),
    ...Object.values(secrets),
    ...Object.values(access),
    ...Object.values(federation),
    ...Object.values(isolation),
    ...Object.values(keys),
  ],
  Protection: [...Object.values(protection), ...Object.values(functions)],
  Observability: [
    ...Object.values(observability),
    ...Object.values(alarmSense),
    ...Object.values(notices),
    ...Object.values(alarms).flat(),
  ],
  Thrift: [...Object.values(thrift), ...Object.values(budget)],
} as const;

/** Every rule. */
export const rules = Object.values(concerns).flat();

const closing = [chat, groupsPolicy, otherServices, deferredToUpdate, unusedSuppressions, results(concerns)];

/**
 * Parts of the pack: the check of the configuration, the rules, and the reports after them. Apart from `index.ts`,
 * which starts a server, so that tests can load it.
 */
export const policies = [refuseMistakes(rules, closing), ...rules, ...closing];
