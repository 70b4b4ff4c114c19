// The id by which the real provider imports a resource, where that is not the id that it keeps.
import type { Properties, Resource } from "../account";

const after =
  (mark: string) =>
  ({ id }: Resource) =>
    id.slice(id.indexOf(mark) + mark.length);
const ofInputs =
  (text: (inputs: Properties) => string) =>
  ({ inputs }: Resource) =>
    text(inputs);

export const importIds: Readonly<Record<string, ((resource: Resource) => string) | undefined>> = {
  "aws:ec2/route:Route": ofInputs(
    ({ routeTableId, destinationCidrBlock }) => `${String(routeTableId)}_${String(destinationCidrBlock)}`,
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ofInputs(
    ({ subnetId, routeTableId }) => `${String(subnetId)}/${String(routeTableId)}`,
  ),
  "aws:ecs/cluster:Cluster": after(":cluster/"),
  "aws:ecs/service:Service": after(":service/"),
  // Both lead to it.
  "aws:rds/instance:Instance": ({ outputs }) => String(outputs.identifier),
};
