// Permissions for networks, DNS names and firewalls.
import type { Needs, NeedsByType } from "./needs";

const tagged = "ec2:CreateTags if tagsAll";
const retagged = ["ec2:CreateTags if tagsAll", "ec2:DeleteTags if tagsAll"];

export const network: NeedsByType = {
  "aws:ec2/vpc:Vpc": {
    create: ["ec2:CreateVpc", tagged, "ec2:ModifyVpcAttribute if enableDnsHostnames"],
    read: [
      ...["ec2:DescribeVpcs *", "ec2:DescribeVpcAttribute *", "ec2:DescribeRouteTables *"],
      ...["ec2:DescribeNetworkAcls *", "ec2:DescribeSecurityGroups *"],
    ],
    update: ["ec2:ModifyVpcAttribute", ...retagged],
    delete: ["ec2:DeleteVpc"],
  },
  "aws:ec2/subnet:Subnet": {
    create: ["ec2:CreateSubnet", tagged, "ec2:ModifySubnetAttribute * if mapPublicIpOnLaunch"],
    read: ["ec2:DescribeSubnets *"],
    update: ["ec2:ModifySubnetAttribute *", ...retagged],
    delete: ["ec2:DeleteSubnet", "ec2:DescribeNetworkInterfaces *"],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    create: ["ec2:CreateInternetGateway", tagged, "ec2:AttachInternetGateway if vpcId"],
    read: ["ec2:DescribeInternetGateways *"],
    update: retagged,
    delete: ["ec2:DetachInternetGateway if vpcId", "ec2:DeleteInternetGateway"],
  },
  "aws:ec2/eip:Eip": {
    create: ["ec2:AllocateAddress", tagged],
    read: ["ec2:DescribeAddresses *"],
    update: retagged,
    delete: ["ec2:ReleaseAddress"],
  },
  "aws:ec2/natGateway:NatGateway": {
    arn: "arn:aws:ec2:{region}:{account}:natgateway/{id}",
    create: ["ec2:CreateNatGateway", tagged],
    read: ["ec2:DescribeNatGateways *"],
    update: retagged,
    delete: ["ec2:DeleteNatGateway"],
  },
  "aws:ec2/routeTable:RouteTable": {
    create: ["ec2:CreateRouteTable", tagged, "ec2:CreateRoute if routes"],
    read: ["ec2:DescribeRouteTables *"],
    update: ["ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute", ...retagged],
    delete: ["ec2:DeleteRouteTable"],
  },
  "aws:ec2/defaultRouteTable:DefaultRouteTable": {
    create: ["ec2:DeleteRoute", "ec2:CreateRoute if routes", tagged],
    read: ["ec2:DescribeRouteTables *"],
    update: ["ec2:CreateRoute", "ec2:DeleteRoute", ...retagged],
  },
  "aws:ec2/route:Route": {
    arn: "arn:aws:ec2:{region}:{account}:route-table/{routeTableId}",
    create: ["ec2:CreateRoute"],
    read: ["ec2:DescribeRouteTables *"],
    update: ["ec2:ReplaceRoute"],
    delete: ["ec2:DeleteRoute"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    arn: "arn:aws:ec2:{region}:{account}:route-table/{routeTableId}",
    create: ["ec2:AssociateRouteTable"],
    read: ["ec2:DescribeRouteTables *"],
    update: ["ec2:ReplaceRouteTableAssociation"],
    delete: ["ec2:DisassociateRouteTable"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    create: [
      ...["ec2:CreateSecurityGroup", tagged, "ec2:RevokeSecurityGroupEgress"],
      ...["ec2:AuthorizeSecurityGroupIngress if ingress", "ec2:AuthorizeSecurityGroupEgress if egress"],
    ],
    read: ["ec2:DescribeSecurityGroups *"],
    update: [
      ...["ec2:AuthorizeSecurityGroupIngress if ingress", "ec2:RevokeSecurityGroupIngress if ingress"],
      ...[
        "ec2:AuthorizeSecurityGroupEgress if egress",
        "ec2:RevokeSecurityGroupEgress if egress",
        ...retagged,
      ],
    ],
    delete: ["ec2:DeleteSecurityGroup", "ec2:DescribeNetworkInterfaces *"],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    create: ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", tagged],
    read: ["ec2:DescribeSecurityGroups *"],
    update: ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", ...retagged],
  },
  ...Object.fromEntries(
    (["Ingress", "Egress"] as const).map((direction) => [
      `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
      {
        arn: "arn:aws:ec2:{region}:{account}:security-group/{securityGroupId}",
        create: [`ec2:AuthorizeSecurityGroup${direction}`],
        read: ["ec2:DescribeSecurityGroupRules *"],
        update: ["ec2:ModifySecurityGroupRules"],
        delete: [`ec2:RevokeSecurityGroup${direction}`],
      } satisfies Needs,
    ]),
  ),
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    arn: "arn:aws:ec2:{region}:{account}:security-group/{securityGroupId}",
    create: ["ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"],
    read: ["ec2:DescribeSecurityGroups *"],
    delete: ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    create: ["ec2:CreateVpcEndpoint", tagged],
    read: ["ec2:DescribeVpcEndpoints *", "ec2:DescribePrefixLists *"],
    update: ["ec2:ModifyVpcEndpoint", ...retagged],
    delete: ["ec2:DeleteVpcEndpoints"],
  },
  "aws:ec2/flowLog:FlowLog": {
    create: [
      ...["ec2:CreateFlowLogs", tagged, "iam:PassRole @iamRoleArn -> vpc-flow-logs.amazonaws.com"],
      "logs:CreateLogDelivery * if toBucket",
    ],
    read: ["ec2:DescribeFlowLogs *"],
    update: retagged,
    delete: ["ec2:DeleteFlowLogs"],
  },
  "aws:route53/record:Record": {
    arn: "arn:aws:route53:::hostedzone/{zoneId}",
    create: ["route53:ChangeResourceRecordSets", "route53:GetChange *"],
    read: ["route53:ListResourceRecordSets", "route53:GetHostedZone"],
    update: ["route53:ChangeResourceRecordSets", "route53:GetChange *"],
    delete: ["route53:ChangeResourceRecordSets", "route53:GetChange *"],
  },
  "aws:wafv2/webAcl:WebAcl": {
    create: [
      ...["wafv2:CreateWebACL", "wafv2:TagResource if tagsAll"],
      "wafv2:CreateWebACL =arn:aws:wafv2:{region}:{account}:regional/managedruleset/*/*",
    ],
    read: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
    update: ["wafv2:UpdateWebACL"],
    delete: ["wafv2:DeleteWebACL"],
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    create: [
      ...["wafv2:AssociateWebACL @webAclArn", "wafv2:AssociateWebACL @resourceArn"],
      "elasticloadbalancing:SetWebACL @resourceArn",
    ],
    read: ["wafv2:GetWebACLForResource @resourceArn"],
    delete: ["wafv2:DisassociateWebACL @resourceArn"],
  },
};
